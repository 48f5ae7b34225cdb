"""Where price stands in its range."""

import numpy as np

from analysis.kernels.relative_strength import relative_strength
from analysis.kernels.rolling import highest, lowest, mean
from analysis.kernels.seeds import wilder_converged
from analysis.kernels.stillness import any_of_last
from analysis.params import integer
from analysis.registry import entry
from analysis.spec import UNKNOWN, Floats, Output

RANGE = "the range of the period is zero"
LEAST_RSI_RANGE = 1e-7  # points; an RSI that stands still leaves less than that


@entry(
    "stochastic",
    title="Stochastic oscillator",
    category="momentum",
    aliases=("stoch",),
    params=(integer("k_period", 14, 1), integer("k_smoothing", 3, 1), integer("d_period", 3, 1)),
    outputs=(
        Output("k", "percent", 0, 100, flat=UNKNOWN, halted=UNKNOWN),
        Output("d", "percent", 0, 100, flat=UNKNOWN, halted=UNKNOWN),
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
    return _smoothed(_position(high, low, close, k_period, 0.0), k_period - 1, k_smoothing, d_period)


@entry(
    "williams_r",
    title="Williams %R",
    category="momentum",
    aliases=("willr",),
    params=(integer("period", 14, 2),),
    outputs=(Output("value", "percent", -100, 0, flat=UNKNOWN, halted=UNKNOWN),),
    warmup=lambda p: int(p["period"]) - 1,
    history="window",
    undefined_when=RANGE,
    source="Williams, How I Made One Million Dollars Last Year Trading Commodities (1973); TradingView's 14.",
    notes="Unknown without range (TA-Lib: 0).",
    cost_us=6,
)
def williams_r(high: Floats, low: Floats, close: Floats, /, *, period: int) -> Floats:
    """Return how far below the period's high the close is, in percent of the range, as a negative number."""
    return _position(high, low, close, period, 0.0) - 100.0


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
        Output("k", "percent", 0, 100, flat=UNKNOWN, halted=UNKNOWN),
        Output("d", "percent", 0, 100, flat=UNKNOWN, halted=UNKNOWN),
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
    position[rsi_period:] = _position(strength, strength, strength, k_period, LEAST_RSI_RANGE)
    return _smoothed(position, rsi_period + k_period - 1, k_smoothing, d_period)


def _position(high: Floats, low: Floats, close: Floats, period: int, least: float) -> Floats:
    """Return where the close stands in the range of the period, in percent; NaN where the range is not above least."""
    top, bottom = highest(high, period), lowest(low, period)
    reach = top - bottom
    position = np.full(len(close), np.nan)
    np.divide(100 * (close - bottom), reach, out=position, where=reach > least)
    return position


def _smoothed(position: Floats, warmup: int, k_smoothing: int, d_period: int) -> tuple[Floats, Floats]:
    """Return the means of k_smoothing positions and of d_period of those; NaN where a position in them is."""
    k, d = np.full(len(position), np.nan), np.full(len(position), np.nan)
    known = position[warmup:]
    undefined = np.isnan(known)
    is_holed = bool(undefined.any())
    filled = np.where(undefined, 0.0, known) if is_holed else known
    smooth = mean(filled, k_smoothing)
    first = k_smoothing - 1
    double = np.full(len(known), np.nan)
    double[first:] = mean(smooth[first:], d_period)
    for column, values, width in ((k, smooth, k_smoothing), (d, double, k_smoothing + d_period - 1)):
        # The running means leave a residue of 1e-14; a share is never outside its range.
        column[warmup:] = np.clip(values, 0.0, 100.0)
        if is_holed:
            column[warmup:][any_of_last(undefined, width)] = np.nan
    k[: warmup + first + d_period - 1] = np.nan
    return k, d
