"""Moving averages with fixed weights and exponential ones."""

from math import isqrt

from analysis.arrays import Floats
from analysis.catalog.entry import PRICE, Output
from analysis.catalog.params import integer
from analysis.catalog.registry import entry
from analysis.kernels.convergence import ema_converged, wilder_converged
from analysis.kernels.rolling import exponential, mean, weighted, wilder
from analysis.kernels.talib import ta

AVERAGE = (Output("value", "source", constant_value=PRICE, settled_value=PRICE),)
MURPHY = "Murphy, Technical Analysis of the Financial Markets (1999), ch. 9"


@entry(
    "sma",
    title="Simple moving average",
    category="trend",
    aliases=("ma", "simple_moving_average"),
    params=(integer("period", 20, 1),),
    outputs=AVERAGE,
    warmup=lambda p: int(p["period"]) - 1,
    history="window",
    source=f"{MURPHY}; TA-Lib SMA.",
    cost_us=2,
)
def sma(source: Floats, /, *, period: int) -> Floats:
    """Return the mean of the last `period` values."""
    return mean(source, period)


@entry(
    "ema",
    title="Exponential moving average",
    category="trend",
    aliases=("exponential_moving_average",),
    params=(integer("period", 20, 1),),
    outputs=AVERAGE,
    warmup=lambda p: int(p["period"]) - 1,
    history="converging",
    converged_after=lambda p: ema_converged(int(p["period"])),
    source=f"{MURPHY}; seeded with the mean of the first `period` values; TA-Lib EMA.",
    cost_us=2,
)
def ema(source: Floats, /, *, period: int) -> Floats:
    """Return the average with weight 2 / (period + 1) on the newest value."""
    return exponential(source, period)


@entry(
    "rma",
    title="Wilder's moving average",
    category="trend",
    aliases=("smma", "wilder"),
    params=(integer("period", 14, 1),),
    outputs=AVERAGE,
    warmup=lambda p: int(p["period"]) - 1,
    history="converging",
    converged_after=lambda p: wilder_converged(int(p["period"])),
    source="Wilder, New Concepts in Technical Trading Systems (1978), p. 23; seeded with a mean; TA-Lib RMA.",
    cost_us=2,
)
def rma(source: Floats, /, *, period: int) -> Floats:
    """Return the average with weight 1 / period on the newest value."""
    return wilder(source, period)


@entry(
    "wma",
    title="Weighted moving average",
    category="trend",
    aliases=("lwma", "weighted_moving_average"),
    params=(integer("period", 20, 1),),
    outputs=AVERAGE,
    warmup=lambda p: int(p["period"]) - 1,
    history="window",
    source=f"{MURPHY}: linear weights; TA-Lib WMA.",
    cost_us=2,
)
def wma(source: Floats, /, *, period: int) -> Floats:
    """Return the mean with linear weights, the newest value weighing `period`."""
    return weighted(source, period)


@entry(
    "hma",
    title="Hull moving average",
    category="trend",
    aliases=("hull",),
    params=(integer("period", 9, 2),),
    outputs=AVERAGE,
    warmup=lambda p: int(p["period"]) + isqrt(int(p["period"])) - 2,
    history="window",
    source="Hull, alanhull.com/hull-moving-average (2005); half and root of the period rounded down.",
    cost_us=8,
)
def hma(source: Floats, /, *, period: int) -> Floats:
    """Return WMA(√period) of 2 WMA(period / 2) − WMA(period)."""
    return weighted(2 * weighted(source, period // 2) - weighted(source, period), isqrt(period))


@entry(
    "dema",
    title="Double exponential moving average",
    category="trend",
    params=(integer("period", 20, 2),),
    outputs=AVERAGE,
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
    outputs=AVERAGE,
    warmup=lambda p: 3 * (int(p["period"]) - 1),
    history="converging",
    converged_after=lambda p: ema_converged(int(p["period"]), 3),
    source="Mulloy, Stocks & Commodities 12:1 (1994); TA-Lib TEMA.",
    cost_us=5,
)
def tema(source: Floats, /, *, period: int) -> Floats:
    """Return 3 EMA − 3 EMA of EMA + EMA of EMA of EMA."""
    return ta.TEMA(source, period)
