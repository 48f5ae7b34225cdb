"""The fractal adaptive moving average."""

from analysis.kernels.compiled import compiled
from analysis.kernels.fractal import fractal_average
from analysis.params import integer
from analysis.registry import entry
from analysis.spec import PRICE, Floats, Output


@entry(
    "frama",
    title="Fractal adaptive moving average",
    category="trend",
    params=(integer("half_period", 8, 1, 500, "Half of the bars that the dimension is taken over."),),
    outputs=(Output("value", "source", flat=PRICE, halted=None),),
    warmup=lambda p: 2 * int(p["half_period"]) - 1,
    history="path",
    default_source="hl2",
    source="Ehlers, Stocks & Commodities 23:10 (2005): highs and lows, 16 bars, weight exp(−4.6 (D − 1)).",
    notes="Begins with the source's value. Path-dependent: computed from the first stored bar on.",
    cost_us=30,
)
def frama(source: Floats, high: Floats, low: Floats, /, *, half_period: int) -> Floats:
    """Return the average that stands still in a ragged market and follows at once in a straight one."""
    return compiled[fractal_average](source, high, low, 2 * half_period)
