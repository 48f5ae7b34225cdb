"""Bands and channels around price."""

import numpy as np

from analysis.kernels.seeds import ema_converged, wilder_converged
from analysis.kernels.talib import ta
from analysis.params import integer, number
from analysis.registry import entry
from analysis.spec import Floats, Output

UNIT = "price"


def _three(flat: str | None = "price") -> tuple[Output, ...]:
    return tuple(Output(name, UNIT, flat="price", halted=flat) for name in ("upper", "middle", "lower"))  # type: ignore[arg-type]


@entry(
    "bollinger_bands",
    title="Bollinger bands",
    category="volatility",
    aliases=("bbands", "bollinger"),
    params=(integer("period", 20, 2), number("deviations", 2.0, 0.01, 10)),
    outputs=_three(),
    warmup=lambda p: int(p["period"]) - 1,
    history="window",
    source="Bollinger on Bollinger Bands (2001); population deviation; TA-Lib BBANDS.",
    cost_us=5,
)
def bollinger_bands(source: Floats, /, *, period: int, deviations: float) -> tuple[Floats, Floats, Floats]:
    """Return the mean and the lines some population deviations above and below it."""
    upper, middle, lower = ta.BBANDS(source, period, deviations, deviations, 0)
    still = ta.MAX(source, period) == ta.MIN(source, period)
    upper[still] = lower[still] = middle[still]
    return upper, middle, lower


@entry(
    "donchian",
    title="Donchian channel",
    category="volatility",
    params=(integer("period", 20, 2),),
    outputs=_three(),
    warmup=lambda p: int(p["period"]) - 1,
    history="window",
    source="Donchian's four-week rule, Futures (1974), today's bar included, as TradingView draws it.",
    cost_us=4,
)
def donchian(high: Floats, low: Floats, /, *, period: int) -> tuple[Floats, Floats, Floats]:
    """Return the highest high, the lowest low, and the middle between them."""
    upper, lower = ta.MAX(high, period), ta.MIN(low, period)
    return upper, (upper + lower) / 2, lower


@entry(
    "keltner",
    title="Keltner channel",
    category="volatility",
    aliases=("kc",),
    params=(integer("period", 20, 2), integer("atr_period", 10, 1), number("multiplier", 2.0, 0.01, 20)),
    outputs=_three(None),
    warmup=lambda p: max(int(p["period"]) - 1, int(p["atr_period"])),
    history="converging",
    converged_after=lambda p: max(ema_converged(int(p["period"])), wilder_converged(int(p["atr_period"]))),
    source="Keltner (1960) in Raschke's form: EMA of the close and ATR, as TradingView draws it.",
    cost_us=6,
)
def keltner(
    high: Floats, low: Floats, close: Floats, /, *, period: int, atr_period: int, multiplier: float
) -> tuple[Floats, Floats, Floats]:
    """Return the exponential average of the close and the lines some average true ranges off it."""
    width = multiplier * ta.ATR(high, low, close, atr_period)
    middle = ta.EMA(close, period)
    middle[np.isnan(width)] = np.nan
    return middle + width, middle, middle - width
