"""The commodity channel index's loop: how far the newest price is from its mean, in mean deviations."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
BLOCK = 512  # bars whose sums stay in the processor's nearest memory


def channel_index(high: Floats, low: Floats, close: Floats, period: int) -> Floats:
    """Return the typical price's distance from its mean over 0.015 mean deviations; NaN where none of them differ.

    Written for numba. Every window is added up anew, so nothing is left over from bars before it; four lags of many
    bars at once, which a processor does four at a time.
    """
    count = len(close)
    typical = (high + low + close) / 3.0
    values = np.full(count, np.nan)
    means, away = np.empty(BLOCK), np.empty(BLOCK)
    for begin in range(period - 1, count, BLOCK):
        size = min(BLOCK, count - begin)
        means[:] = 0.0
        away[:] = 0.0
        fours = period - period % 4
        for lag in range(0, fours, 4):
            last = begin - lag
            one, two = typical[last : last + size], typical[last - 1 : last - 1 + size]
            three, four = typical[last - 2 : last - 2 + size], typical[last - 3 : last - 3 + size]
            for at in range(size):
                means[at] += (one[at] + two[at]) + (three[at] + four[at])
        for lag in range(fours, period):
            one = typical[begin - lag : begin - lag + size]
            for at in range(size):
                means[at] += one[at]
        for at in range(size):
            means[at] /= period
        for lag in range(0, fours, 4):
            last = begin - lag
            one, two = typical[last : last + size], typical[last - 1 : last - 1 + size]
            three, four = typical[last - 2 : last - 2 + size], typical[last - 3 : last - 3 + size]
            for at in range(size):
                mean = means[at]
                away[at] += (abs(one[at] - mean) + abs(two[at] - mean)) + (abs(three[at] - mean) + abs(four[at] - mean))
        for lag in range(fours, period):
            one = typical[begin - lag : begin - lag + size]
            for at in range(size):
                away[at] += abs(one[at] - means[at])
        now, into = typical[begin : begin + size], values[begin : begin + size]
        for at in range(size):
            into[at] = (now[at] - means[at]) / (0.015 * away[at] / period)
    same = 0  # how many bars back the typical price has been what it is: its mean may be off by a last digit
    for at in range(1, count):
        same = same + 1 if typical[at] == typical[at - 1] else 0
        if same >= period - 1:
            values[at] = np.nan
    return values
