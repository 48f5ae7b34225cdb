"""Runs of rises and falls, and the rank of a value among those before it."""

import numpy as np
from numpy.typing import NDArray

from analysis.kernels.talib import ta

Floats = NDArray[np.float64]


def streak(values: Floats) -> Floats:
    """Return for how many values in a row the series has risen, as a negative number fallen; 0 where it stood."""
    way = np.zeros(len(values))
    way[1:] = np.sign(np.diff(values))
    place = np.arange(len(values))
    turned = np.ones(len(values), dtype=np.bool_)
    turned[1:] = way[1:] != way[:-1]
    return way * (place - np.maximum.accumulate(np.where(turned, place, 0)) + 1)


def percent_rank(values: Floats, period: int) -> Floats:
    """Return how many percent of the `period` values before each are at most it; NaN before there are as many."""
    # TA-Lib counts those that are lower; of the negated values these are the ones above.
    return 100 - ta.PERCENTRANK(-values, period)
