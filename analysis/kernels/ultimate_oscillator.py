"""The ultimate oscillator's loop: buying pressure over true range, of three periods."""

import numpy as np

from analysis.arrays import Floats

# What is left of a running sum is lost in its last digits when it is so much less than the sum has been.
TOWERS = 1e-3


def ultimate(high: Floats, low: Floats, close: Floats, short: int, middle: int, long: int, factor: float) -> Floats:
    """Return the shares of three periods weighted 4, 2 and 1, in percent; NaN where the short one has no true range.

    Written for numba. `factor` is a power of two that brings prices near one: three sums are multiplied.
    """
    count = len(close)
    found = np.empty(count)
    found[: min(count, long)] = np.nan
    if long >= count:
        return found
    bought, reach = np.zeros(count), np.zeros(count)
    _pressures(high, low, close, factor, bought[1:], reach[1:])
    one, two, three, first, second, third = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for at in range(1, long):
        one += bought[at] if at >= long - short else 0.0
        first += reach[at] if at >= long - short else 0.0
        two += bought[at] if at >= long - middle else 0.0
        second += reach[at] if at >= long - middle else 0.0
        three += bought[at]
        third += reach[at]
    new, wide, into = bought[long:], reach[long:], found[long:]
    oldest, far = bought[: count - long], reach[: count - long]
    older, further = bought[long - middle : count - middle], reach[long - middle : count - middle]
    old, near = bought[long - short : count - short], reach[long - short : count - short]
    top, bottom = np.empty(len(into)), np.empty(len(into))
    peak, peaks, highest = first, second, third
    for at in range(len(into)):
        one += new[at] - old[at]
        two += new[at] - older[at]
        three += new[at] - oldest[at]
        first += wide[at] - near[at]
        second += wide[at] - further[at]
        third += wide[at] - far[at]
        peak = first if first > peak else peak
        peaks = second if second > peaks else peaks
        highest = third if third > highest else highest
        if first < peak * TOWERS or second < peaks * TOWERS or third < highest * TOWERS:
            end = at + long + 1
            one, first = _both(bought, reach, end - short, end)
            two, second = _both(bought, reach, end - middle, end)
            three, third = _both(bought, reach, end - long, end)
            peak, peaks, highest = first, second, third
        # One division of three fractions under one line: a division takes as long as all the rest.
        top[at] = 4.0 * one * (second * third) + 2.0 * two * (first * third) + three * (first * second)
        bottom[at] = 7.0 * first * (second * third)
    still = 0
    for at in range(len(into)):
        share = top[at] / bottom[at]
        share = 1.0 if share > 1.0 else share
        into[at] = 100.0 * (0.0 if share < 0.0 else share)
        still += int(np.uint8(wide[at] == 0.0))
    if still > 0:
        _unknown_without_range(reach, short, long, found)
    return found


def _both(bought: Floats, reach: Floats, begin: int, end: int) -> tuple[float, float]:
    pressure, range_ = 0.0, 0.0
    for at in range(begin, end):
        pressure += bought[at]
        range_ += reach[at]
    return pressure, range_


def _pressures(high: Floats, low: Floats, close: Floats, factor: float, bought: Floats, reach: Floats) -> None:
    """Write how far the close is above the true low, and how far the true high is."""
    top, bottom, new, before = high[1:], low[1:], close[1:], close[:-1]
    for at in range(len(bought)):
        under = bottom[at] if bottom[at] < before[at] else before[at]
        over = top[at] if top[at] > before[at] else before[at]
        bought[at] = (new[at] - under) * factor
        reach[at] = (over - under) * factor


def _unknown_without_range(reach: Floats, period: int, begin: int, found: Floats) -> None:
    still = 0
    for at in range(1, len(reach)):
        still = still + 1 if reach[at] == 0.0 else 0
        if still >= period and at >= begin:
            found[at] = np.nan
