"""A price that has nearly doubled within weeks, and pauses without giving much of it back."""

import numpy as np

from analysis.arrays import Floats, Ints


def high_tight_flags(
    high: Floats,
    low: Floats,
    close: Floats,
    rise: float,
    pole: int,
    shortest: int,
    longest: int,
    given_back: float,
) -> Ints:
    """Return flags: the confirming bar, the bars of the pole's low and high, and that of the lowest low of the pause.

    The pole rises by `rise` of its low within `pole` bars, to a high that no bar since that low exceeds. The pause has
    `shortest` to `longest` bars after it, none of them higher, and gives back at most `given_back` of the high; a close
    above that high ends it.
    """
    count = len(close)
    found = np.empty((count, 4), np.int64)
    total = 0
    for top in range(1, count - 1):
        # Most bars have a higher high before them or behind them: those are no poles' ends.
        if high[top + 1] > high[top] or high[top] <= high[top - 1]:
            continue
        start = top - 1
        for bar in range(max(0, top - pole), top):
            if low[bar] < low[start]:
                start = bar
        if low[start] <= 0.0 or high[top] < low[start] * (1.0 + rise):
            continue
        is_highest = True
        for bar in range(start, top):
            is_highest = is_highest and high[bar] <= high[top]
        if not is_highest:
            continue
        deepest = top + 1
        for bar in range(top + 1, min(count, top + longest + 2)):
            if bar > top + shortest and close[bar] > high[top]:
                found[total, 0], found[total, 1], found[total, 2], found[total, 3] = bar, start, top, deepest
                total += 1
                break
            if low[bar] < low[deepest]:
                deepest = bar
            if high[bar] > high[top] or low[bar] < high[top] * (1.0 - given_back):
                break
    return found[:total]
