"""Where price stands in its range."""

import numpy as np

from analysis.arrays import Floats
from analysis.catalog.entry import UNKNOWN, Output
from analysis.catalog.params import integer
from analysis.catalog.registry import entry
from analysis.kernels.convergence import wilder_converged
from analysis.kernels.relative_strength import relative_strength
from analysis.kernels.stochastic import percent_k, smoothed

RANGE = "the range of the period is zero"
LEAST_RSI_RANGE = 1e-7  # points; an RSI that stands still leaves less than that


@entry(
    "stochastic",
    title="Stochastic oscillator",
    category="momentum",
    aliases=("stoch",),
    params=(integer("k_period", 14, 1), integer("k_smoothing", 3, 1), integer("d_period", 3, 1)),
    outputs=(
        Output("k", "percent", 0, 100, constant_value=UNKNOWN, settled_value=UNKNOWN),
        Output("d", "percent", 0, 100, constant_value=UNKNOWN, settled_value=UNKNOWN),
    ),
    warmup=lambda p: int(p["k_period"]) + int(p["k_smoothing"]) + int(p["d_period"]) - 3,
    history="window",
    undefined_when=RANGE,
    source="Lane, Stocks & Commodities 2:3 (1984); TradingView's 14, 3, 3.",
    notes="Unknown without range (TA-Lib: 0, which reads as oversold).",
    cost_us=10,
)
def stochastic(
    high: Floats, low: Floats, close: Floats, /, *, k_period: int, k_smoothing: int, d_period: int
) -> tuple[Floats, Floats]:
    """Return the smoothed position of the close in the range of k_period bars, and its average."""
    return smoothed(percent_k(high, low, close, k_period), k_period - 1, k_smoothing, d_period)


@entry(
    "williams_r",
    title="Williams %R",
    category="momentum",
    aliases=("willr",),
    params=(integer("period", 14, 2),),
    outputs=(Output("value", "percent", -100, 0, constant_value=UNKNOWN, settled_value=UNKNOWN),),
    warmup=lambda p: int(p["period"]) - 1,
    history="window",
    undefined_when=RANGE,
    source="Williams, How I Made One Million Dollars Last Year Trading Commodities (1973); TradingView's 14.",
    notes="Unknown without range (TA-Lib: 0).",
    cost_us=6,
)
def williams_r(high: Floats, low: Floats, close: Floats, /, *, period: int) -> Floats:
    """Return how far below the period's high the close is, in percent of the range, as a negative number."""
    return percent_k(high, low, close, period) - 100.0


@entry(
    "stochastic_rsi",
    title="Stochastic RSI",
    category="momentum",
    aliases=("stochrsi",),
    params=(
        integer("k_smoothing", 3, 1),
        integer("d_period", 3, 1),
        integer("rsi_period", 14, 2),
        integer("k_period", 14, 2),
    ),
    outputs=(
        Output("k", "percent", 0, 100, constant_value=UNKNOWN, settled_value=UNKNOWN),
        Output("d", "percent", 0, 100, constant_value=UNKNOWN, settled_value=UNKNOWN),
    ),
    warmup=lambda p: sum(int(value) for value in p.values()) - 3,
    history="converging",
    converged_after=lambda p: wilder_converged(int(p["rsi_period"])) + sum(int(value) for value in p.values()),
    undefined_when="the RSI's range of the period is zero",
    source="Chande and Kroll, The New Technical Trader (1994), ch. 8; TradingView's 3, 3, 14, 14.",
    notes="TA-Lib's STOCHRSI does not smooth k.",
    cost_us=14,
)
def stochastic_rsi(
    source: Floats, /, *, k_smoothing: int, d_period: int, rsi_period: int, k_period: int
) -> tuple[Floats, Floats]:
    """Return the smoothed position of the RSI in its own range of k_period bars, and its average."""
    strength = relative_strength(source, rsi_period)[rsi_period:]
    position = np.full(len(source), np.nan)
    position[rsi_period:] = percent_k(strength, strength, strength, k_period, LEAST_RSI_RANGE)
    return smoothed(position, rsi_period + k_period - 1, k_smoothing, d_period)
