"""Darvas' boxes: a new high that holds for some bars, a low after it that holds as long, and a close above the high."""

import numpy as np

from analysis.arrays import Floats, Ints


def darvas_boxes(high: Floats, low: Floats, close: Floats, new_high: int, hold: int) -> Ints:
    """Return boxes: the confirming bar, and the bars of the box's top and bottom.

    The top is above the `new_high` bars before it, the bottom the lowest low since, which the next `hold` bars do not
    go below. A high above the top before that begins another box; a close below the bottom ends it.
    """
    count = len(close)
    found = np.empty((count, 3), np.int64)
    total = 0
    top, bottom = -1, -1
    is_whole = False
    for bar in range(new_high, count):
        if top >= 0 and is_whole:
            if close[bar] > high[top]:
                found[total, 0], found[total, 1], found[total, 2] = bar, top, bottom
                total += 1
                top = -1
            elif close[bar] < low[bottom]:
                top = -1
        elif top >= 0 and high[bar] <= high[top]:
            if bottom < 0 or low[bar] < low[bottom]:
                bottom = bar
            is_whole = bar - bottom >= hold
        if top < 0 or (not is_whole and high[bar] > high[top]):
            is_new = True
            for before in range(bar - new_high, bar):
                if high[before] >= high[bar]:
                    is_new = False
                    break
            top, bottom, is_whole = bar if is_new else -1, -1, False
    return found[:total]
