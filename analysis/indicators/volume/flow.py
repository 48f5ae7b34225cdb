"""Money flow over a window, and its momentum."""

import numpy as np

from analysis.arrays import Floats
from analysis.catalog.entry import UNKNOWN, Output
from analysis.catalog.params import integer
from analysis.catalog.registry import entry
from analysis.kernels.accumulation import money_flow
from analysis.kernels.convergence import ema_converged
from analysis.kernels.division import clamped, ratio
from analysis.kernels.rolling import exact_sum, exponential
from analysis.kernels.talib import ta


@entry(
    "chaikin_money_flow",
    title="Chaikin money flow",
    category="volume",
    aliases=("cmf",),
    params=(integer("period", 20, 2),),
    outputs=(Output("value", "ratio", -1, 1, constant_value=0.0, settled_value=UNKNOWN),),
    warmup=lambda p: int(p["period"]) - 1,
    history="window",
    undefined_when="no volume in the period",
    source="Chaikin; Achelis, Technical Analysis from A to Z (2000), p. 85; TradingView's 20.",
    notes="A bar without range counts as 0.",
    cost_us=10,
)
def chaikin_money_flow(high: Floats, low: Floats, close: Floats, volume: Floats, /, *, period: int) -> Floats:
    """Return volume weighted by where each bar closed in its range, over all volume of the period."""
    flowed, traded = exact_sum(money_flow(high, low, close, volume), period), exact_sum(volume, period)
    return clamped(ratio(flowed, traded), -1.0, 1.0)


@entry(
    "chaikin_oscillator",
    title="Chaikin oscillator",
    category="volume",
    aliases=("adosc", "chaikin_osc"),
    params=(integer("fast_period", 3, 1), integer("slow_period", 10, 2)),
    ascending=("fast_period", "slow_period"),
    outputs=(Output("value", "volume", constant_value=0.0, settled_value=0.0),),
    warmup=lambda p: int(p["slow_period"]) - 1,
    history="converging",
    converged_after=lambda p: ema_converged(int(p["slow_period"])),
    source="Chaikin; Achelis, Technical Analysis from A to Z (2000), p. 87; TradingView's 3 and 10.",
    notes="Each average is seeded with the mean of its first values (TA-Lib's ADOSC with the first value).",
    cost_us=10,
)
def chaikin_oscillator(
    high: Floats, low: Floats, close: Floats, volume: Floats, /, *, fast_period: int, slow_period: int
) -> Floats:
    """Return EMA(fast) − EMA(slow) of the accumulation/distribution line."""
    line = ta.AD(high, low, close, volume)
    return exponential(line, fast_period) - exponential(line, slow_period)


@entry(
    "force_index",
    title="Elder's force index",
    category="volume",
    aliases=("efi", "elder_force_index"),
    params=(integer("period", 13, 1),),
    outputs=(Output("value", "price × volume", constant_value=0.0, settled_value=0.0),),
    warmup=lambda p: int(p["period"]),
    history="converging",
    converged_after=lambda p: ema_converged(int(p["period"])) + 1,
    source="Elder, Trading for a Living (1993), p. 193; TradingView's 13.",
    cost_us=4,
)
def force_index(close: Floats, volume: Floats, /, *, period: int) -> Floats:
    """Return the exponential average of the close's change times volume."""
    values = np.full(len(close), np.nan)
    values[1:] = exponential((close[1:] - close[:-1]) * volume[1:], period)
    return values
