"""Where price stands in its range."""

import numpy as np

from analysis.kernels.seeds import wilder_converged
from analysis.kernels.talib import ta
from analysis.params import integer
from analysis.registry import entry
from analysis.spec import Floats, Output

RANGE = "the range of the period is zero"


@entry(
    "stochastic",
    title="Stochastic oscillator",
    category="momentum",
    aliases=("stoch",),
    params=(integer("k_period", 14, 1), integer("k_smoothing", 3, 1), integer("d_period", 3, 1)),
    outputs=(Output("k", "percent", 0, 100, flat=float("nan")), Output("d", "percent", 0, 100, flat=float("nan"))),
    warmup=lambda p: int(p["k_period"]) + int(p["k_smoothing"]) + int(p["d_period"]) - 3,
    history="window",
    undefined_when=RANGE,
    source="Lane, Stocks & Commodities 2:3 (1984); TradingView's 14, 3, 3; TA-Lib STOCH.",
    cost_us=6,
)
def stochastic(
    high: Floats, low: Floats, close: Floats, /, *, k_period: int, k_smoothing: int, d_period: int
) -> tuple[Floats, Floats]:
    """Return the smoothed position of the close in the range of k_period bars, and its average."""
    top, bottom = ta.MAX(high, k_period) if k_period > 1 else high, ta.MIN(low, k_period) if k_period > 1 else low
    k, d = ta.STOCH(high, low, close, k_period, k_smoothing, 0, d_period, 0)
    # TA-Lib calls a range of zero 0 %, which reads as oversold.
    without = top == bottom
    for column, width in ((k, k_smoothing), (d, k_smoothing + d_period - 1)):
        column[np.convolve(without, np.ones(width), "full")[: len(column)] > 0] = np.nan
    return k, d


@entry(
    "williams_r",
    title="Williams %R",
    category="momentum",
    aliases=("willr",),
    params=(integer("period", 14, 2),),
    outputs=(Output("value", "percent", -100, 0, flat=float("nan")),),
    warmup=lambda p: int(p["period"]) - 1,
    history="window",
    undefined_when=RANGE,
    source="Williams, How I Made One Million Dollars (1973); TA-Lib WILLR.",
)
def williams_r(high: Floats, low: Floats, close: Floats, /, *, period: int) -> Floats:
    """Return how far below the period's high the close is, in percent of the range, as a negative number."""
    values = ta.WILLR(high, low, close, period)
    values[ta.MAX(high, period) == ta.MIN(low, period)] = np.nan
    return values


@entry(
    "stochastic_rsi",
    title="Stochastic RSI",
    category="momentum",
    aliases=("stochrsi",),
    params=(
        integer("rsi_period", 14, 2),
        integer("k_period", 14, 1),
        integer("k_smoothing", 3, 1),
        integer("d_period", 3, 1),
    ),
    outputs=(Output("k", "percent", 0, 100, flat=float("nan")), Output("d", "percent", 0, 100, flat=float("nan"))),
    warmup=lambda p: int(p["rsi_period"]) + int(p["k_period"]) + int(p["k_smoothing"]) + int(p["d_period"]) - 3,
    history="converging",
    converged_after=lambda p: (
        wilder_converged(int(p["rsi_period"])) + int(p["k_period"]) + int(p["k_smoothing"]) + int(p["d_period"])
    ),
    undefined_when="the RSI's range of the period is zero",
    source="Chande and Kroll, The New Technical Trader (1994); TradingView's 3, 3, 14, 14 on RSI.",
    cost_us=8,
)
def stochastic_rsi(
    source: Floats, /, *, rsi_period: int, k_period: int, k_smoothing: int, d_period: int
) -> tuple[Floats, Floats]:
    """Return the stochastic oscillator of the RSI and its average."""
    rsi = ta.RSI(source, rsi_period)[rsi_period:]
    k = np.full(len(source), np.nan)
    d = np.full(len(source), np.nan)
    k[rsi_period:], d[rsi_period:] = stochastic(
        rsi, rsi, rsi, k_period=k_period, k_smoothing=k_smoothing, d_period=d_period
    )
    return k, d
