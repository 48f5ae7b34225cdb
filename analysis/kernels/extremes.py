"""The highest and lowest of the last n values, and what lies between them."""

import numpy as np

from analysis.arrays import Floats

BLOCK = 512  # bars that stay in the processor's nearest memory


def extreme(values: Floats, period: int, is_highest: bool) -> Floats:
    """Return the extreme of the last `period` values; NaN before there are as many. Written for numba.

    The highest of 2n values is the higher of two neighbouring n: a few passes over all, none of which branches. Values
    that are NaN at the beginning are not counted.
    """
    count = len(values)
    found = np.empty(count)
    known = 0
    while known < count and np.isnan(values[known]):
        known += 1
    first = min(count, known + period - 1)
    found[:first] = np.nan
    if period == 1:
        found[first:] = values[first:]
        return found
    one, other = np.empty(BLOCK + period), np.empty(BLOCK + period)
    for start in range(first, count, BLOCK):
        size = min(BLOCK, count - start)
        part = values[start - period + 1 : start + size]
        left, width = len(part), 1
        while width < period:
            step = min(width, period - width)
            left -= step
            width += step
            into = one if width < period else found[start : start + size]
            _choose(part[:left], part[step : step + left], is_highest, into[:left])
            part = into
            one, other = other, one
    return found


def channel(high: Floats, low: Floats, period: int) -> tuple[Floats, Floats, Floats]:
    """Return the highest high of the last `period` bars, the middle, and the lowest low. Written for numba."""
    top, bottom = extreme(high, period, True), extreme(low, period, False)
    middle = np.empty(len(top))
    for at in range(len(middle)):
        middle[at] = (top[at] + bottom[at]) / 2.0
    return top, middle, bottom


def place_between(high: Floats, low: Floats, close: Floats, period: int, least: float) -> Floats:
    """Return where the close stands between the extremes, in percent; NaN where they are not more than `least` apart.

    Written for numba. A product and a quotient may be off by a last digit; a share is never outside its range.
    """
    top, bottom = extreme(high, period, True), extreme(low, period, False)
    for at in range(len(top)):
        size = top[at] - bottom[at]
        share = 100.0 * (close[at] - bottom[at]) / size
        share = 100.0 if share > 100.0 else share
        top[at] = share if size > least else np.nan
    return top


def _choose(old: Floats, new: Floats, is_highest: bool, into: Floats) -> None:
    if is_highest:
        for at in range(len(into)):
            into[at] = new[at] if new[at] >= old[at] else old[at]
    else:
        for at in range(len(into)):
            into[at] = new[at] if new[at] <= old[at] else old[at]
