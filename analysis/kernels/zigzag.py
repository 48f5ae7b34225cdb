"""Where price turned: a zigzag of swings of n ATR or n percent, and swings that stand out among n bars."""

import numpy as np

from analysis.arrays import Floats, Ints

Turns = tuple[Ints, Ints, Ints]


def zigzag(high: Floats, low: Floats, atr: Floats, threshold: float) -> Turns:
    """Return the bars of the pivots, the bars that each is known at, and 1 for highs, −1 for lows.

    A high is one when price has fallen more than `threshold` ATR of that bar below it. Highs and lows alternate.
    """
    count = len(high)
    bars, known, kinds = np.empty(count, np.int64), np.empty(count, np.int64), np.empty(count, np.int64)
    found = 0
    first = 0
    while first < count and not atr[first] >= 0.0:
        first += 1
    if first >= count:
        return bars[:0], known[:0], kinds[:0]
    top = bottom = first
    direction = 0
    for bar in range(first + 1, count):
        reach = threshold * atr[bar]
        fell = rose = False
        if direction >= 0:
            if high[bar] > high[top]:
                top = bar
            elif high[top] - low[bar] > reach:
                fell = True
        if direction <= 0 and not fell:
            if low[bar] < low[bottom]:
                bottom = bar
            elif high[bar] - low[bottom] > reach:
                rose = True
        if fell:
            bars[found], known[found], kinds[found] = top, bar, 1
            found += 1
            direction = -1
            bottom = bar
            # The lowest since the top: a bar before this one may be lower, when the ATR was larger.
            for earlier in range(top + 1, bar):
                if low[earlier] < low[bottom]:
                    bottom = earlier
        elif rose:
            bars[found], known[found], kinds[found] = bottom, bar, -1
            found += 1
            direction = 1
            top = bar
            for earlier in range(bottom + 1, bar):
                if high[earlier] > high[top]:
                    top = earlier
    return bars[:found], known[:found], kinds[:found]


def percent_zigzag(high: Floats, low: Floats, percent: float) -> Turns:
    """Return pivots as `zigzag` does, each a high when a low is `percent` below it, a low when a high is so above it.

    A bar that makes a new extreme does not turn from it: which of its prices came first is not known.
    """
    count = len(high)
    bars, known, kinds = np.empty(count, np.int64), np.empty(count, np.int64), np.empty(count, np.int64)
    fall, rise = 1.0 - percent / 100.0, 1.0 + percent / 100.0
    found = top = bottom = direction = 0
    for bar in range(1, count):
        is_high = high[bar] > high[top]
        is_low = low[bar] < low[bottom]
        if direction >= 0 and not is_high and low[bar] <= high[top] * fall:
            bars[found], known[found], kinds[found] = top, bar, 1
            found += 1
            direction, bottom = -1, bar
        elif direction <= 0 and not is_low and high[bar] >= low[bottom] * rise:
            bars[found], known[found], kinds[found] = bottom, bar, -1
            found += 1
            direction, top = 1, bar
        else:
            if direction >= 0 and is_high:
                top = bar
            if direction <= 0 and is_low:
                bottom = bar
    return bars[:found], known[:found], kinds[:found]


def fractal_pivots(high: Floats, low: Floats, left: int, right: int) -> Turns:
    """Return the bars that are the highest (1) or lowest (−1) of `left` before and `right` after, and when known.

    Of equal neighbours the first is the pivot. Pivots come in the order of their bars, a high before a low.
    """
    count = len(high)
    bars, known, kinds = np.empty(2 * count, np.int64), np.empty(2 * count, np.int64), np.empty(2 * count, np.int64)
    found = 0
    for bar in range(left, count - right):
        is_high = is_low = True
        for other in range(bar - left, bar):
            is_high = is_high and high[other] < high[bar]
            is_low = is_low and low[other] > low[bar]
            if not (is_high or is_low):
                break
        if is_high or is_low:
            for other in range(bar + 1, bar + right + 1):
                is_high = is_high and high[other] <= high[bar]
                is_low = is_low and low[other] >= low[bar]
        for is_one, kind in ((is_high, 1), (is_low, -1)):
            if is_one:
                bars[found], known[found], kinds[found] = bar, bar + right, kind
                found += 1
    return bars[:found], known[:found], kinds[:found]
