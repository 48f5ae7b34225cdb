"""Volume against its own averages, and the price change that it made easy."""

import numpy as np

from analysis.arrays import Floats
from analysis.catalog.entry import UNKNOWN, Output
from analysis.catalog.params import integer, number
from analysis.catalog.registry import entry
from analysis.kernels import accumulation as kernel
from analysis.kernels.convergence import ema_converged
from analysis.kernels.jit import jit
from analysis.kernels.rate_of_change import percent_apart
from analysis.kernels.rolling import exact_sum, exponential, highest, mean


@entry(
    "relative_volume",
    title="Relative volume",
    category="volume",
    aliases=("rvol",),
    params=(integer("period", 10, 1),),
    outputs=(Output("value", "ratio", 0, constant_value=1.0, settled_value=UNKNOWN),),
    warmup=lambda p: int(p["period"]),
    history="window",
    undefined_when="no volume in the period before",
    source="TradingView's screener, Relative Volume: the bar's volume over the average of the 10 before it.",
    cost_us=4,
)
def relative_volume(volume: Floats, /, *, period: int) -> Floats:
    """Return the volume over the mean volume of the `period` bars before it."""
    values = np.full(len(volume), np.nan)
    usual = mean(volume, period)[:-1]
    np.divide(volume[1:], usual, out=values[1:], where=highest(volume, period)[:-1] > 0)
    return values


@entry(
    "pvo",
    title="Percentage volume oscillator",
    category="volume",
    aliases=("percentage_volume_oscillator",),
    params=(integer("fast_period", 12, 2), integer("slow_period", 26, 3), integer("signal_period", 9, 1)),
    ascending=("fast_period", "slow_period"),
    outputs=(
        Output("pvo", "percent", constant_value=0.0, settled_value=None),
        Output("signal", "percent", constant_value=0.0, settled_value=None),
        Output("histogram", "percent", constant_value=0.0, settled_value=None),
    ),
    warmup=lambda p: int(p["slow_period"]) + int(p["signal_period"]) - 2,
    history="converging",
    converged_after=lambda p: ema_converged(int(p["slow_period"])) + ema_converged(int(p["signal_period"])),
    undefined_when="no volume has been traded yet",
    source="StockCharts ChartSchool, Percentage Volume Oscillator, 12, 26, 9: Appel's PPO of volume.",
    notes="Each average is seeded at its own beginning.",
    cost_us=9,
)
def pvo(volume: Floats, /, *, fast_period: int, slow_period: int, signal_period: int) -> tuple[Floats, Floats, Floats]:
    """Return EMA(fast) − EMA(slow) of volume in percent of EMA(slow), its EMA, and their difference."""
    slow = exponential(volume, slow_period)[slow_period - 1 :]
    fast = exponential(volume, fast_period)[slow_period - 1 :]
    line = percent_apart(fast, slow)
    signal = exponential(line, signal_period)
    lines = np.full((3, len(volume)), np.nan)
    lines[:, slow_period - 1 :] = line, signal, line - signal
    lines[:, slow_period - 1 :][:, slow <= 0] = np.nan
    lines[:, : slow_period + signal_period - 2] = np.nan
    return lines[0], lines[1], lines[2]


@entry(
    "ease_of_movement",
    title="Ease of movement",
    category="volume",
    aliases=("eom", "emv"),
    params=(integer("period", 14, 1), number("divisor", 10_000, 1, 1e12)),
    outputs=(Output("value", "price² / volume", constant_value=0.0, settled_value=UNKNOWN),),
    warmup=lambda p: int(p["period"]),
    history="window",
    undefined_when="a bar of the period has no volume",
    source="Arms, Volume Cycles in the Stock Market (1983); TradingView's 14 and 10,000.",
    cost_us=8,
)
def ease_of_movement(high: Floats, low: Floats, volume: Floats, /, *, period: int, divisor: float) -> Floats:
    """Return the mean of how far the middle of the range moved, times the range, over volume in units of divisor."""
    return divisor / period * exact_sum(jit[kernel.ease_of_movement](high, low, volume), period)
