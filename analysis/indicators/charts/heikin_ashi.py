"""Averaged candlesticks."""

import numpy as np

from analysis.arrays import Floats
from analysis.catalog.entry import PRICE, Output
from analysis.catalog.registry import entry
from analysis.kernels.convergence import ema_converged
from analysis.kernels.smoothing import exponential_from


@entry(
    "heikin_ashi",
    title="Heikin-Ashi",
    category="charts",
    aliases=("ha", "heikinashi"),
    outputs=tuple(
        Output(name, "price", constant_value=PRICE, settled_value=PRICE) for name in ("open", "high", "low", "close")
    ),
    warmup=lambda _: 0,
    history="converging",
    converged_after=lambda _: ema_converged(3),
    source="Valcu, Stocks & Commodities 22:2 (2004); TradingView's chart.",
    notes="The first open is the mean of the first bar's open and close.",
    cost_us=8,
)
def heikin_ashi(open: Floats, high: Floats, low: Floats, close: Floats, /) -> tuple[Floats, Floats, Floats, Floats]:
    """Return candlesticks whose close is the bar's mean price and whose open is the middle of the body before."""
    ours = (open + high + low + close) / 4
    begin = np.empty(len(close))
    begin[0] = (open[0] + close[0]) / 2
    # The middle of open and close is an exponential average of the closes that gives each half.
    begin[1:] = exponential_from(float(begin[0]), ours[:-1], 3)
    return begin, np.maximum(high, np.maximum(begin, ours)), np.minimum(low, np.minimum(begin, ours)), ours
