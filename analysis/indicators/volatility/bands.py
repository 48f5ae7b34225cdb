"""Bands and channels around price."""

import numpy as np

from analysis.arrays import Floats
from analysis.catalog.entry import PRICE, UNKNOWN, Output
from analysis.catalog.params import integer, number
from analysis.catalog.registry import entry
from analysis.kernels.average_range import average_range
from analysis.kernels.convergence import ema_converged, wilder_converged
from analysis.kernels.deviation import bands
from analysis.kernels.extremes import channel
from analysis.kernels.jit import jit
from analysis.kernels.rolling import exponential, mean

FLAT = 1e-12  # of the middle; a band narrower than that is what sums leave behind


def _three(unit: str) -> tuple[Output, Output, Output]:
    upper, middle, lower = (
        Output(name, unit, constant_value=PRICE, settled_value=PRICE) for name in ("upper", "middle", "lower")
    )
    return upper, middle, lower


@entry(
    "bollinger_bands",
    title="Bollinger bands",
    category="volatility",
    aliases=("bb", "bbands", "bollinger"),
    params=(integer("period", 20, 2), number("deviations", 2.0, 0.01, 10)),
    outputs=(
        *_three("source"),
        Output("percent_b", "ratio", constant_value=UNKNOWN, settled_value=UNKNOWN),
        Output("bandwidth", "percent", constant_value=0.0, settled_value=0.0),
    ),
    warmup=lambda p: int(p["period"]) - 1,
    history="window",
    undefined_when="the bands meet (percent_b), or the middle is zero (bandwidth)",
    source="Bollinger on Bollinger Bands (2001), ch. 7 and 8; population deviation; TradingView's 20 and 2.",
    notes="percent_b is 1 on the upper band and 0 on the lower; bandwidth is in percent of the middle.",
    cost_us=16,
)
def bollinger_bands(
    source: Floats, /, *, period: int, deviations: float
) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Return the lines some population deviations above and below the mean, the mean, %b and the bandwidth."""
    middle = mean(source, period)
    upper, lower, place, width = jit[bands](source, middle, period, deviations, FLAT)
    return upper, middle, lower, place, width


@entry(
    "donchian",
    title="Donchian channel",
    category="volatility",
    aliases=("dc", "donchian_channel"),
    params=(integer("period", 20, 2),),
    outputs=_three("price"),
    warmup=lambda p: int(p["period"]) - 1,
    history="window",
    source="Donchian's four-week rule, Futures (1974); today's bar included, as TradingView draws it.",
    cost_us=4,
)
def donchian(high: Floats, low: Floats, /, *, period: int) -> tuple[Floats, Floats, Floats]:
    """Return the highest high, the middle, and the lowest low of the period."""
    return jit[channel](high, low, period)


@entry(
    "keltner",
    title="Keltner channel",
    category="volatility",
    aliases=("kc",),
    params=(integer("period", 20, 1), integer("atr_period", 10, 1), number("multiplier", 2.0, 0.01, 20)),
    outputs=_three("price"),
    warmup=lambda p: max(int(p["period"]) - 1, int(p["atr_period"])),
    history="converging",
    converged_after=lambda p: max(ema_converged(int(p["period"])), wilder_converged(int(p["atr_period"]))),
    source="Keltner (1960) in Raschke's form: EMA of the close and ATR, as TradingView draws it.",
    notes="TA-Lib's KC takes the EMA of the typical price.",
    cost_us=7,
)
def keltner(
    high: Floats, low: Floats, close: Floats, /, *, period: int, atr_period: int, multiplier: float
) -> tuple[Floats, Floats, Floats]:
    """Return the exponential average of the close and the lines some average true ranges off it."""
    width = multiplier * average_range(high, low, close, atr_period)
    middle = exponential(close, period)
    unknown = np.isnan(width) | np.isnan(middle)
    middle[unknown] = np.nan
    return middle + width, middle, middle - width
