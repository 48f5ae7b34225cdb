"""Moving averages of a series."""

from analysis.kernels.seeds import ema_converged
from analysis.kernels.talib import ta
from analysis.params import integer
from analysis.registry import entry
from analysis.spec import Floats, Output

PRICE = (Output("value", "as its source", flat="price", halted="price"),)


@entry(
    "sma",
    title="Simple moving average",
    category="trend",
    aliases=("ma", "simple_moving_average"),
    params=(integer("period", 20, 1),),
    outputs=PRICE,
    warmup=lambda p: int(p["period"]) - 1,
    history="window",
    source="Murphy, Technical Analysis of the Financial Markets (1999), ch. 9; TA-Lib SMA.",
    cost_us=2,
)
def sma(source: Floats, /, *, period: int) -> Floats:
    """Return the mean of the last `period` values."""
    return ta.SMA(source, period) if period > 1 else source.copy()


@entry(
    "ema",
    title="Exponential moving average",
    category="trend",
    aliases=("exponential_moving_average",),
    params=(integer("period", 20, 1),),
    outputs=PRICE,
    warmup=lambda p: int(p["period"]) - 1,
    history="converging",
    converged_after=lambda p: ema_converged(int(p["period"])),
    source="Murphy (1999), ch. 9; seeded with the mean of the first `period` values; TA-Lib EMA.",
    cost_us=2,
)
def ema(source: Floats, /, *, period: int) -> Floats:
    """Return the average with weight 2 / (period + 1) on the newest value."""
    return ta.EMA(source, period) if period > 1 else source.copy()


@entry(
    "wma",
    title="Weighted moving average",
    category="trend",
    aliases=("lwma", "weighted_moving_average"),
    params=(integer("period", 20, 1),),
    outputs=PRICE,
    warmup=lambda p: int(p["period"]) - 1,
    history="window",
    source="Murphy (1999), ch. 9: linear weights; TA-Lib WMA.",
    cost_us=2,
)
def wma(source: Floats, /, *, period: int) -> Floats:
    """Return the mean with linear weights, the newest value weighing `period`."""
    return ta.WMA(source, period) if period > 1 else source.copy()


@entry(
    "dema",
    title="Double exponential moving average",
    category="trend",
    params=(integer("period", 20, 2),),
    outputs=PRICE,
    warmup=lambda p: 2 * (int(p["period"]) - 1),
    history="converging",
    converged_after=lambda p: ema_converged(int(p["period"]), 2),
    source="Mulloy, Stocks & Commodities 12:1 (1994); TA-Lib DEMA.",
    cost_us=4,
)
def dema(source: Floats, /, *, period: int) -> Floats:
    """Return 2 EMA − EMA of EMA."""
    return ta.DEMA(source, period)


@entry(
    "tema",
    title="Triple exponential moving average",
    category="trend",
    params=(integer("period", 20, 2),),
    outputs=PRICE,
    warmup=lambda p: 3 * (int(p["period"]) - 1),
    history="converging",
    converged_after=lambda p: ema_converged(int(p["period"]), 3),
    source="Mulloy, Stocks & Commodities 12:1 (1994); TA-Lib TEMA.",
    cost_us=5,
)
def tema(source: Floats, /, *, period: int) -> Floats:
    """Return 3 EMA − 3 EMA of EMA + EMA of EMA of EMA."""
    return ta.TEMA(source, period)
