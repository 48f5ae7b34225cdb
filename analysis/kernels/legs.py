"""The last pivots known on each bar."""

import numpy as np
from numpy.typing import NDArray

from analysis.kernels.compiled import compiled
from analysis.kernels.scaling import unit
from analysis.kernels.talib import ta
from analysis.kernels.turning import zigzag

Floats = NDArray[np.float64]
PERIOD = 14


def last_pivots(high: Floats, low: Floats, close: Floats, threshold: float, number: int) -> Floats:
    """Return the prices of the last `number` zigzag pivots known on each bar, the newest first, a row for each.

    A pivot is known when price has come `threshold` ATR14 back from it; NaN until there are so many.
    """
    factor = unit(close)
    atr = ta.ATR(high * factor, low * factor, close * factor, PERIOD) / factor
    bars, known, kinds = compiled(zigzag)(high, low, atr, threshold)
    prices = np.where(kinds > 0, high[bars], low[bars])
    newest = np.searchsorted(known, np.arange(len(close)), side="right") - 1
    rows = np.full((number, len(close)), np.nan)
    enough = newest >= number - 1
    for row in range(number):
        rows[row, enough] = prices[newest[enough] - row]
    return rows
