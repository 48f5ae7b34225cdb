"""Moving averages that look at more than the values: noise or volume."""

from math import ceil, log

from analysis.arrays import Floats
from analysis.catalog.entry import PRICE, UNKNOWN, Output
from analysis.catalog.params import integer
from analysis.catalog.registry import entry
from analysis.kernels.convergence import NEGLIGIBLE
from analysis.kernels.jit import jit
from analysis.kernels.rolling_windows import volume_weighted
from analysis.kernels.scaling import unit
from analysis.kernels.talib import ta

SLOWEST = (2 / 31) ** 2  # the least weight of a new value, when all movement is noise


@entry(
    "kama",
    title="Kaufman adaptive moving average",
    category="trend",
    params=(integer("period", 10, 2),),
    outputs=(Output("value", "source", constant_value=PRICE, settled_value=PRICE),),
    warmup=lambda p: int(p["period"]),
    history="converging",
    converged_after=lambda p: int(p["period"]) + ceil(log(NEGLIGIBLE) / log(1 - SLOWEST)),
    source="Kaufman, Smarter Trading (1995); smoothing between EMA 2 and EMA 30; TA-Lib KAMA.",
    notes="Begins at the value before its first output. How fast it converges depends on the noise; the worst is told.",
    cost_us=4,
)
def kama(source: Floats, /, *, period: int) -> Floats:
    """Return the exponential average that is fast when movement is straight and slow when it is noise."""
    factor = unit(source)
    return ta.KAMA(source * factor, period) / factor


@entry(
    "vwma",
    title="Volume-weighted moving average",
    category="trend",
    params=(integer("period", 20, 1),),
    outputs=(Output("value", "source", constant_value=PRICE, settled_value=UNKNOWN),),
    warmup=lambda p: int(p["period"]) - 1,
    history="window",
    undefined_when="no volume in the period",
    source="Arms, Volume Cycles in the Stock Market (1983); TradingView's ta.vwma.",
    cost_us=6,
)
def vwma(source: Floats, volume: Floats, /, *, period: int) -> Floats:
    """Return the mean of the last `period` values, each weighing its volume."""
    return jit[volume_weighted](source, volume, period)
