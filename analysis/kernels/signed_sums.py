"""Sums of what rose and of what fell in the last n values."""

import numpy as np

from analysis.arrays import Floats

# What is left of a running sum is lost in its last digits when it is so much less than the sum has been.
TOWERS = 1e-3


def signed_sums(values: Floats, period: int) -> tuple[Floats, Floats]:
    """Return the sum of the last `period` values above zero, and that of those below it as a positive number.

    Written for numba. NaN before there are as many. The values in each running sum are counted, so that a sum of none
    is zero and not a residue.
    """
    count = len(values)
    rises, falls = np.empty(count), np.empty(count)
    first = min(count, period - 1)
    rises[:first] = np.nan
    falls[:first] = np.nan
    up, down = 0.0, 0.0
    ups, downs = 0, 0
    highest, lowest = 0.0, 0.0
    for at in range(count):
        now, gone = values[at], values[at - period] if at >= period else 0.0
        ups += int(now > 0.0) - int(gone > 0.0)
        downs += int(now < 0.0) - int(gone < 0.0)
        up += (now if now > 0.0 else 0.0) - (gone if gone > 0.0 else 0.0)
        down += (gone if gone < 0.0 else 0.0) - (now if now < 0.0 else 0.0)
        up = up if ups > 0 else 0.0
        down = down if downs > 0 else 0.0
        highest = up if up > highest else highest
        lowest = down if down > lowest else lowest
        if up < highest * TOWERS or down < lowest * TOWERS:
            up, down = _both(values, max(0, at - period + 1), at + 1)
            highest, lowest = up, down
        if at >= first:
            rises[at], falls[at] = up, down
    return rises, falls


def _both(values: Floats, begin: int, end: int) -> tuple[float, float]:
    up, down = 0.0, 0.0
    for at in range(begin, end):
        up += max(values[at], 0.0)
        down -= min(values[at], 0.0)
    return up, down
