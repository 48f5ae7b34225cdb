"""The fractal adaptive moving average."""

from analysis.arrays import Floats
from analysis.catalog.entry import PRICE, Output
from analysis.catalog.params import integer
from analysis.catalog.registry import entry
from analysis.kernels.fractal import fractal_average
from analysis.kernels.jit import jit


@entry(
    "frama",
    title="Fractal adaptive moving average",
    category="trend",
    params=(integer("half_period", 8, 1, 500, "Half of the bars that the dimension is taken over."),),
    outputs=(Output("value", "source", constant_value=PRICE, settled_value=None),),
    warmup=lambda p: 2 * int(p["half_period"]) - 1,
    history="path",
    default_source="hl2",
    source="Ehlers, Stocks & Commodities 23:10 (2005): highs and lows, 16 bars, weight exp(−4.6 (D − 1)).",
    notes="Begins with the source's value. Path-dependent: computed from the first stored bar on.",
    cost_us=30,
)
def frama(source: Floats, high: Floats, low: Floats, /, *, half_period: int) -> Floats:
    """Return the average that stands still in a ragged market and follows at once in a straight one."""
    return jit[fractal_average](source, high, low, 2 * half_period)
