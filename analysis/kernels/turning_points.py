"""Turning points as columns: on which bar each becomes known, and the newest of each kind on every bar."""

import numpy as np

from analysis.arrays import Floats, Ints


def turning_points(
    high: Floats, low: Floats, bars: Ints, known: Ints, kinds: Ints, start: int
) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Return the prices of the newest known high and low, whether one becomes known here, and how old the newest is.

    The age counts from the turning point's own bar. Pivots are in the order in which they are known; of two that
    become known on one bar the later one is the newest. All are unknown before the bar `start`.
    """
    count = len(high)
    top, bottom, age = np.full(count, np.nan), np.full(count, np.nan), np.full(count, np.nan)
    is_high, is_low = np.zeros(count), np.zeros(count)
    place, newest = 0, -1
    last_high = last_low = np.nan
    for bar in range(count):
        while place < len(known) and known[place] <= bar:
            newest = bars[place]
            if kinds[place] > 0:
                last_high, is_high[bar] = high[newest], 1.0
            else:
                last_low, is_low[bar] = low[newest], 1.0
            place += 1
        top[bar], bottom[bar] = last_high, last_low
        if newest >= 0:
            age[bar] = bar - newest
    is_high[:start] = np.nan
    is_low[:start] = np.nan
    return top, bottom, is_high, is_low, age
