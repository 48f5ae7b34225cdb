"""Closes beyond the last confirmed swing: breaks of structure, changes of character, and the blocks they came from."""

import numpy as np

from analysis.arrays import Floats, Ints

BREAK, CHANGE = 0, 1
COLUMNS = 5


def breaks(close: Floats, bars: Ints, known: Ints, kinds: Ints, prices: Floats) -> Ints:
    """Return breaks, oldest first: what, the bar, the side, the place of the swing that was broken and of the other.

    A close above the last known swing high breaks it, once; where the break before went the other way it is a change.
    `bars`, `known`, `kinds` and `prices` are the swings; the other one is the last known of the other kind, −1: none.
    """
    found = np.empty((len(bars), COLUMNS), np.int64)
    total = place = trend = 0
    top = bottom = -1
    is_top_whole = is_bottom_whole = False
    for bar in range(len(close)):
        while place < len(bars) and known[place] <= bar:
            if kinds[place] > 0:
                top, is_top_whole = place, True
            else:
                bottom, is_bottom_whole = place, True
            place += 1
        side = 0
        if is_top_whole and close[bar] > prices[top]:
            side, is_top_whole = 1, False
        elif is_bottom_whole and close[bar] < prices[bottom]:
            side, is_bottom_whole = -1, False
        if side != 0:
            found[total, 0] = CHANGE if trend == -side else BREAK
            found[total, 1], found[total, 2] = bar, side
            found[total, 3], found[total, 4] = (top, bottom) if side > 0 else (bottom, top)
            total += 1
            trend = side
    return found[:total]


def newest_break(found: Ints, prices: Floats, what: int, count: int, start: int) -> tuple[Floats, Floats, Floats]:
    """Return the side of the last break of either sort on each bar, and the level and the age of the last of a sort.

    The side is 0 before the first; all are unknown before the bar `start`.
    """
    trend, level, age = np.zeros(count), np.full(count, np.nan), np.full(count, np.nan)
    place, last = 0, -1
    side = 0
    for bar in range(count):
        while place < len(found) and found[place, 1] == bar:
            side = found[place, 2]
            if found[place, 0] == what:
                last = place
            place += 1
        trend[bar] = side
        if last >= 0:
            level[bar], age[bar] = prices[found[last, 3]], bar - found[last, 1]
    trend[:start] = np.nan
    return trend, level, age


def blocks(open: Floats, high: Floats, low: Floats, close: Floats, bars: Ints, found: Ints) -> tuple[Ints, Ints]:
    """Return the places of the breaks that came from a block, and the block's bar.

    Between the swing of an upward break and the break, of the bars that closed below their open the one with the
    lowest low, of equal ones the first; mirrored of a downward one. `bars` are those of the swings.
    """
    places, blocks = np.empty(len(found), np.int64), np.empty(len(found), np.int64)
    total = 0
    for place in range(len(found)):
        side, block = found[place, 2], -1
        for bar in range(bars[found[place, 3]] + 1, found[place, 1]):
            if side * (close[bar] - open[bar]) >= 0.0:
                continue
            if block < 0 or (side > 0 and low[bar] < low[block]) or (side < 0 and high[bar] > high[block]):
                block = bar
        if block >= 0:
            places[total], blocks[total] = place, block
            total += 1
    return places[:total], blocks[:total]
