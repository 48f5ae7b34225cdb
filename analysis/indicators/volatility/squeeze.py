"""Bollinger bands inside Keltner's: a market that holds its breath, and where it leans."""

import numpy as np

from analysis.arrays import Floats
from analysis.catalog.entry import Output
from analysis.catalog.params import integer, number
from analysis.catalog.registry import entry
from analysis.kernels.rolling import deviation, highest, mean, middle
from analysis.kernels.talib import ta


@entry(
    "squeeze",
    title="Squeeze momentum",
    category="volatility",
    aliases=("ttm_squeeze",),
    params=(integer("period", 20, 3), number("deviations", 2.0, 0.01, 10), number("multiplier", 1.5, 0.01, 20)),
    outputs=(
        Output("on", "direction", 0, 1, constant_value=0.0, settled_value=0.0),
        Output("momentum", "price", constant_value=0.0, settled_value=0.0),
    ),
    warmup=lambda p: 2 * (int(p["period"]) - 1),
    history="window",
    source="Carter, Mastering the Trade (2005): 2 deviations within 1.5 ranges.",
    notes="on is 1 while the Bollinger bands lie inside the Keltner channel of simple averages. momentum, as in "
    "LazyBear's script of that name, is the end of the regression line through the close less the mean of the Donchian "
    "middle and the average. For the bands that script takes its channel's 1.5, not 2: squeeze(deviations=1.5).",
    cost_us=35,
)
def squeeze(
    high: Floats, low: Floats, close: Floats, /, *, period: int, deviations: float, multiplier: float
) -> tuple[Floats, Floats]:
    """Return whether volatility is squeezed, and the momentum with which it may be released."""
    width = mean(ta.TRANGE(high, low, close), period)
    lead = 2 * (period - 1)
    on = (deviations * deviation(close, period) < multiplier * width * (1 - 1e-12)).astype(np.float64)
    on[:lead] = np.nan
    balance = (middle(high, low, period) + mean(close, period)) / 2
    away = (close - balance)[period - 1 :]
    # What sums leave behind is no momentum.
    away[np.abs(away) <= 1e-12 * np.abs(close[period - 1 :])] = 0.0
    momentum = np.full(len(close), np.nan)
    momentum[period - 1 :] = ta.LINEARREG(away, period)
    momentum[period - 1 :][highest(np.abs(away), period) == 0.0] = 0.0
    return on, momentum
