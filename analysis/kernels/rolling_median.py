"""The middle of the last n values."""

import numpy as np

from analysis.arrays import Floats


def rolling_median(values: Floats, period: int) -> Floats:
    """Return the median of the last `period` values; of an even number of them the mean of the two in the middle.

    NaN before there are as many. The window is kept in order: a value that leaves gives its place to the one that
    comes, and those between the two move up by one. Written for numba.
    """
    found = np.full(len(values), np.nan)
    if period > len(values):
        return found
    window, half = np.sort(values[:period]), period // 2
    for at in range(period - 1, len(values)):
        if at >= period:
            _replace(window, values[at - period], values[at])
        found[at] = window[half] if period % 2 == 1 else (window[half - 1] + window[half]) / 2.0
    return found


def _replace(window: Floats, gone: float, new: float) -> None:
    """Put a value into the sorted window for another that is in it."""
    place = _first_not_below(window, gone)
    while place + 1 < len(window) and window[place + 1] < new:
        window[place] = window[place + 1]
        place += 1
    while place > 0 and window[place - 1] > new:
        window[place] = window[place - 1]
        place -= 1
    window[place] = new


def _first_not_below(window: Floats, value: float) -> int:
    low, high = 0, len(window)
    while low < high:
        middle = (low + high) // 2
        if window[middle] < value:
            low = middle + 1
        else:
            high = middle
    return low
