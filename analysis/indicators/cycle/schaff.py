"""The Schaff trend cycle."""

from analysis.arrays import Floats
from analysis.catalog.entry import Output
from analysis.catalog.params import integer, number
from analysis.catalog.registry import entry
from analysis.kernels import schaff
from analysis.kernels.jit import jit
from analysis.kernels.scaling import unit
from analysis.kernels.talib import ta


@entry(
    "schaff_trend_cycle",
    title="Schaff trend cycle",
    category="cycle",
    aliases=("stc",),
    params=(
        integer("period", 10, 2),
        integer("fast_period", 23, 2),
        integer("slow_period", 50, 2),
        number("factor", 0.5, 0.01, 1.0, "The weight of a new value when a place is smoothed."),
    ),
    ascending=("fast_period", "slow_period"),
    outputs=(Output("value", "points", 0, 100, constant_value=0.0, settled_value=None),),
    warmup=lambda p: int(p["slow_period"]) - 1 + 2 * (int(p["period"]) - 1),
    history="path",
    source="Schaff (1999); TradingView's defaults 10, 23, 50.",
    notes="Where nothing moves over a period the place is the one before. Path-dependent.",
    cost_us=30,
)
def schaff_trend_cycle(source: Floats, /, *, period: int, fast_period: int, slow_period: int, factor: float) -> Floats:
    """Return the place in its range of the place in its range of the difference of two averages."""
    lift = unit(source)
    slow = ta.EMA(source * lift, slow_period)
    values = ta.EMA(source * lift, fast_period) - slow
    return jit[schaff.cycle](values, slow, slow_period - 1, period, factor)
