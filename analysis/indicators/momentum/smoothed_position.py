"""Where price stands, smoothed: Blau's, LazyBear's and Ehlers's oscillators, and the plain one of a bar."""

import numpy as np

from analysis.arrays import Floats
from analysis.catalog.entry import HELD, UNKNOWN, Output
from analysis.catalog.params import integer
from analysis.catalog.registry import entry
from analysis.kernels.convergence import ema_converged
from analysis.kernels.division import clamped, ratio
from analysis.kernels.extremes import channel
from analysis.kernels.hold_last import held_share
from analysis.kernels.jit import jit
from analysis.kernels.rolling import exact_sum, exponential, mean
from analysis.kernels.rolling_windows import weighted_average
from analysis.kernels.scaling import unit

RESIDUE = 1e-12  # of the price's unit; movement below it is what averages leave behind
SYMMETRIC = np.array([1.0, 2.0, 2.0, 1.0]) / 6.0
LAMBERT = 0.015


@entry(
    "stochastic_momentum_index",
    title="Stochastic momentum index",
    category="momentum",
    aliases=("smi",),
    params=(
        integer("period", 10, 1),
        integer("smoothing", 3, 1),
        integer("second_smoothing", 3, 1),
        integer("signal_period", 3, 1),
    ),
    outputs=(
        Output("smi", "points", -100, 100, constant_value=0.0, settled_value=HELD),
        Output("signal", "points", -100, 100, constant_value=0.0, settled_value=HELD),
    ),
    warmup=lambda p: sum(int(value) for value in p.values()) - 4,
    history="converging",
    converged_after=lambda p: (
        int(p["period"])
        + sum(ema_converged(int(p[name])) for name in ("smoothing", "second_smoothing", "signal_period"))
    ),
    source="Blau, Stocks & Commodities 11:1 (1993), and Momentum, Direction, and Divergence (1995); TradingView's 10 "
    "and 3, and a signal of 3.",
    notes="0 while there has been no range. Each average is seeded at its own beginning.",
    cost_us=16,
)
def stochastic_momentum_index(
    high: Floats,
    low: Floats,
    close: Floats,
    /,
    *,
    period: int,
    smoothing: int,
    second_smoothing: int,
    signal_period: int,
) -> tuple[Floats, Floats]:
    """Return the close's distance from the range's middle over half the range, both smoothed twice, and its average."""
    top, middle, bottom = jit[channel](high, low, period)
    away, reach = (
        exponential(exponential(one, smoothing), second_smoothing) for one in (close - middle, (top - bottom) / 2)
    )
    line = held_share(away, reach, RESIDUE / unit(close))
    signal = exponential(line, signal_period)
    line[np.isnan(signal)] = np.nan
    return line, clamped(signal, -100.0, 100.0)


@entry(
    "wavetrend",
    title="WaveTrend oscillator",
    category="momentum",
    aliases=("wave_trend", "wto"),
    params=(integer("channel_period", 10, 2), integer("average_period", 21, 2), integer("signal_period", 4, 1)),
    outputs=(
        Output("wavetrend", "points", constant_value=0.0, settled_value=0.0),
        Output("signal", "points", constant_value=0.0, settled_value=0.0),
    ),
    warmup=lambda p: 2 * int(p["channel_period"]) + int(p["average_period"]) + int(p["signal_period"]) - 4,
    history="converging",
    converged_after=lambda p: (
        ema_converged(int(p["channel_period"]), 2) + ema_converged(int(p["average_period"])) + int(p["signal_period"])
    ),
    source="LazyBear, WaveTrend Oscillator (TradingView, 2014): 10, 21 and a simple average of 4.",
    notes="A bar on which price has not been off its average counts as 0. Each average is seeded at its own beginning.",
    cost_us=14,
)
def wavetrend(
    high: Floats, low: Floats, close: Floats, /, *, channel_period: int, average_period: int, signal_period: int
) -> tuple[Floats, Floats]:
    """Return the averaged distance of the typical price from its average in 0.015 mean distances, and its mean."""
    typical = (high + low + close) / 3
    away = typical - exponential(typical, channel_period)
    usual = exponential(np.abs(away), channel_period)
    line = exponential(ratio(away, LAMBERT * usual, 0.0, LAMBERT * RESIDUE / unit(close)), average_period)
    signal = mean(line, signal_period)
    line[np.isnan(signal)] = np.nan
    return line, signal


@entry(
    "relative_vigor_index",
    title="Relative vigor index",
    category="momentum",
    aliases=("rvgi", "relative_vigour_index"),
    params=(integer("period", 10, 1),),
    outputs=(
        Output("rvi", "ratio", -1, 1, constant_value=UNKNOWN, settled_value=UNKNOWN),
        Output("signal", "ratio", -1, 1, constant_value=UNKNOWN, settled_value=UNKNOWN),
    ),
    warmup=lambda p: int(p["period"]) + 5,
    history="window",
    undefined_when="the bars of the period have no range",
    source="Ehlers, Stocks & Commodities 20:1 (2002); TradingView's 10.",
    notes="rvi is Dorsey's relative volatility index elsewhere in this catalogue. Weights of 1, 2, 2 and 1 over four "
    "bars, of bodies and ranges before they are added up, and of the index for its signal.",
    cost_us=12,
)
def relative_vigor_index(
    open: Floats, high: Floats, low: Floats, close: Floats, /, *, period: int
) -> tuple[Floats, Floats]:
    """Return the bars' bodies over their ranges, both averaged over four bars and added up, and its average."""
    bodies, ranges = (exact_sum(jit[weighted_average](one, SYMMETRIC), period) for one in (close - open, high - low))
    line = clamped(ratio(bodies, ranges), -1.0, 1.0)
    signal = jit[weighted_average](line, SYMMETRIC)
    line[: period + 5] = np.nan
    return line, clamped(signal, -1.0, 1.0)


@entry(
    "internal_bar_strength",
    title="Internal bar strength",
    category="momentum",
    aliases=("ibs",),
    outputs=(Output("value", "ratio", 0, 1, constant_value=UNKNOWN, settled_value=UNKNOWN),),
    warmup=lambda p: 0,
    history="window",
    undefined_when="the bar has no range",
    source="Pagonidis, The IBS Effect: Mean Reversion in Equity ETFs (NAAIM, 2013).",
    cost_us=2,
)
def internal_bar_strength(high: Floats, low: Floats, close: Floats, /) -> Floats:
    """Return where in its range the bar closed, from 0 at the low to 1 at the high."""
    return ratio(close - low, high - low)
