"""Wilder's average of the true range, which many entries measure with."""

import numpy as np

from analysis.arrays import Floats
from analysis.kernels.jit import fused
from analysis.kernels.run_cache import shared


@shared
def average_range(high: Floats, low: Floats, close: Floats, period: int) -> Floats:
    """Return the average, NaN for the first `period` values; to be read only."""
    return fused[_average_range](high, low, close, period)


def _average_range(high: Floats, low: Floats, close: Floats, period: int) -> Floats:
    """Return Wilder's average of the true range, seeded with the mean of the first `period`. Written for numba."""
    count, share = len(close), 1.0 / period
    found = np.empty(count)
    found[: min(count, period)] = np.nan
    if period >= count:
        return found
    keeps = 1.0 - share
    average = 0.0
    for at in range(1, period + 1):
        average += max(high[at], close[at - 1]) - min(low[at], close[at - 1])
    average *= share
    found[period] = average
    top, bottom, before, into = high[period + 1 :], low[period + 1 :], close[period : count - 1], found[period + 1 :]
    for at in range(len(into)):
        above = top[at] if top[at] > before[at] else before[at]
        below = bottom[at] if bottom[at] < before[at] else before[at]
        into[at] = (above - below) * share
    for at in range(len(into)):
        average = average * keeps + into[at]
        into[at] = average
    return found
