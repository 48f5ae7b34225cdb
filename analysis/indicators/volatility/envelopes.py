"""Lines at a distance from an average: in percent, in average true ranges, in ranges over prices."""

import numpy as np

from analysis.arrays import Floats
from analysis.catalog.entry import HELD, PRICE, Output
from analysis.catalog.params import integer, number
from analysis.catalog.registry import entry
from analysis.kernels.average_range import average_range
from analysis.kernels.convergence import wilder_converged
from analysis.kernels.jit import jit
from analysis.kernels.rolling import mean
from analysis.kernels.stretched_bars import stretched


@entry(
    "envelopes",
    title="Moving average envelopes",
    category="volatility",
    aliases=("envelope", "ma_envelopes", "moving_average_envelopes"),
    params=(integer("period", 20, 1), number("percent", 2.5, 0.01, 100)),
    outputs=(
        Output("upper", "source", constant_value=HELD, settled_value=HELD),
        Output("middle", "source", constant_value=PRICE, settled_value=PRICE),
        Output("lower", "source", constant_value=HELD, settled_value=HELD),
    ),
    warmup=lambda p: int(p["period"]) - 1,
    history="window",
    source="Achelis, Technical Analysis from A to Z (2000), Envelopes; StockCharts' 20 and 2.5 percent.",
    notes="Of the simple average's size, so upper stays above lower where the source is below zero.",
    cost_us=5,
    needs_positive_prices=True,
)
def envelopes(source: Floats, /, *, period: int, percent: float) -> tuple[Floats, Floats, Floats]:
    """Return the lines some percent above and below the mean of the period, and the mean."""
    middle = mean(source, period)
    width = percent / 100 * np.abs(middle)
    return middle + width, middle, middle - width


@entry(
    "starc_bands",
    title="STARC bands",
    category="volatility",
    aliases=("starc", "stoller_average_range_channel"),
    params=(integer("period", 6, 1), integer("atr_period", 15, 1), number("multiplier", 2.0, 0.01, 20)),
    outputs=(
        Output("upper", "price", constant_value=PRICE, settled_value=PRICE),
        Output("middle", "price", constant_value=PRICE, settled_value=PRICE),
        Output("lower", "price", constant_value=PRICE, settled_value=PRICE),
    ),
    warmup=lambda p: max(int(p["period"]) - 1, int(p["atr_period"])),
    history="converging",
    converged_after=lambda p: max(int(p["period"]), wilder_converged(int(p["atr_period"]))),
    source="Stoller's average range channels in Kirkpatrick and Dahlquist, Technical Analysis (2010), ch. 14: a mean "
    "of 6 closes, an average true range of 15 bars, 2 of it.",
    notes="keltner with a simple average in the middle.",
    cost_us=6,
)
def starc_bands(
    high: Floats, low: Floats, close: Floats, /, *, period: int, atr_period: int, multiplier: float
) -> tuple[Floats, Floats, Floats]:
    """Return the mean of the close and the lines some average true ranges off it."""
    width = multiplier * average_range(high, low, close, atr_period)
    middle = mean(close, period)
    middle[np.isnan(width)] = np.nan
    return middle + width, middle, middle - width


@entry(
    "acceleration_bands",
    title="Acceleration bands",
    category="volatility",
    aliases=("accbands", "abands"),
    params=(integer("period", 20, 1), number("factor", 4.0, 0.01, 20)),
    outputs=(
        Output("upper", "price", constant_value=PRICE, settled_value=PRICE),
        Output("middle", "price", constant_value=PRICE, settled_value=PRICE),
        Output("lower", "price", constant_value=PRICE, settled_value=PRICE),
    ),
    warmup=lambda p: int(p["period"]) - 1,
    history="window",
    source="Headley, Big Trends in Trading (2002): 20 bars, 4 times the range over the sum of high and low.",
    cost_us=7,
    needs_positive_prices=True,
)
def acceleration_bands(
    high: Floats, low: Floats, close: Floats, /, *, period: int, factor: float
) -> tuple[Floats, Floats, Floats]:
    """Return the means of the highs and lows moved out by the bars' relative ranges, and the mean of the close."""
    top, bottom = jit[stretched](high, low, factor)
    return mean(top, period), mean(close, period), mean(bottom, period)
