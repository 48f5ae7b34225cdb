"""Zones between two prices: where they begin, and which is the newest that nothing has ended on each bar."""

import numpy as np

from analysis.arrays import Floats, Ints


def gaps(high: Floats, low: Floats, close: Floats) -> tuple[Ints, Ints, Floats, Floats]:
    """Return the bars on which a fair value gap becomes known, its sides, and its lower and upper prices.

    A bullish one lies between the high two bars ago and this low, and the close between is above it.
    """
    count = len(close)
    bars, sides = np.empty(count, np.int64), np.empty(count, np.int64)
    bottoms, tops = np.empty(count), np.empty(count)
    found = 0
    for bar in range(2, count):
        if low[bar] > high[bar - 2] and close[bar - 1] > high[bar - 2]:
            sides[found], bottoms[found], tops[found] = 1, high[bar - 2], low[bar]
        elif high[bar] < low[bar - 2] and close[bar - 1] < low[bar - 2]:
            sides[found], bottoms[found], tops[found] = -1, high[bar], low[bar - 2]
        else:
            continue
        bars[found] = bar
        found += 1
    return bars[:found], sides[:found], bottoms[:found], tops[:found]


def open_zones(
    bars: Ints,
    sides: Ints,
    bottoms: Floats,
    tops: Floats,
    falling: Floats,
    rising: Floats,
    is_ended_by_touch: int,
    start: int,
) -> tuple[Ints, Floats, Floats, Floats, Floats]:
    """Return the bar that ends each zone (−1: none yet), and of the newest open one side, prices and age on each bar.

    A bullish zone is ended by a later `falling` price below its bottom, a bearish one by a `rising` price above its
    top; by one that comes to it where a touch ends it. Zones are in the order of their bars. Where none is open the
    side is 0 and the rest unknown; all are unknown before the bar `start`.
    """
    count = len(falling)
    ends = np.full(len(bars), -1, np.int64)
    side, bottom, top, age = np.zeros(count), np.full(count, np.nan), np.full(count, np.nan), np.full(count, np.nan)
    side[:start] = np.nan
    held = np.empty(len(bars), np.int64)  # the open zones, oldest first
    open_count = place = 0
    highest, lowest = -np.inf, np.inf  # of open bullish bottoms and bearish tops: nothing ends before these
    for bar in range(count):
        if (falling[bar] <= highest) or (rising[bar] >= lowest):
            kept, highest, lowest = 0, -np.inf, np.inf
            for one in range(open_count):
                zone = held[one]
                past = bottoms[zone] - falling[bar] if sides[zone] > 0 else rising[bar] - tops[zone]
                if past > 0.0 or (is_ended_by_touch and past == 0.0):
                    ends[zone] = bar
                    continue
                held[kept] = zone
                kept += 1
                if sides[zone] > 0:
                    highest = max(highest, bottoms[zone])
                else:
                    lowest = min(lowest, tops[zone])
            open_count = kept
        while place < len(bars) and bars[place] == bar:
            held[open_count] = place
            open_count += 1
            if sides[place] > 0:
                highest = max(highest, bottoms[place])
            else:
                lowest = min(lowest, tops[place])
            place += 1
        if open_count:
            zone = held[open_count - 1]
            side[bar], bottom[bar], top[bar], age[bar] = sides[zone], bottoms[zone], tops[zone], bar - bars[zone]
    return ends, side, bottom, top, age
