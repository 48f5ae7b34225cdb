"""DeMark's sequential: setups of closes against those four bars before, and the countdowns that follow them."""

import numpy as np

from analysis.arrays import Floats

BACK = 4  # bars that a setup's close is compared over
TWO = 2  # bars that a countdown's is
QUALIFIER = 8  # of a countdown, whose close the last one must reach


def sequential(
    high: Floats, low: Floats, close: Floats, setup: int, countdown: int
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return how many bars of a buy setup, a sell setup, a buy countdown and a sell countdown are counted on each bar.

    0 where a bar counts for none. A setup begins with a price flip, is complete with its bar `setup` and goes no
    further. A countdown begins on that bar, or goes on from the same side's; a complete setup of the other side ends
    it. Its last bar counts once its low (high) reaches the close of its eighth.
    """
    count = len(close)
    found = np.zeros((4, count))
    found[:, : BACK + 1] = np.nan
    run, side = 0, 0
    counted, counting = 0, 0  # bars of the countdown, and its side
    qualifier = 0.0
    for bar in range(BACK, count):
        way = 1 if close[bar] < close[bar - BACK] else -1 if close[bar] > close[bar - BACK] else 0
        if way != side:
            # On the first bar that can be compared nobody knows whether it is a flip.
            run, side = 0 if bar > BACK else setup, way
        if way != 0:
            run += 1
            if run <= setup:
                found[0 if way > 0 else 1, bar] = run
            if run == setup and counting != way:
                counted, counting = 0, way
        if counting > 0:
            counts, reached = close[bar] <= low[bar - TWO], low[bar]
        else:
            counts, reached = close[bar] >= high[bar - TWO], -high[bar]
        if counting != 0 and counts and (counted < countdown - 1 or reached <= qualifier):
            counted += 1
            found[2 if counting > 0 else 3, bar] = counted
            if counted == QUALIFIER:
                qualifier = counting * close[bar]
            if counted == countdown:
                counting = 0
    found[:, : BACK + 1] = np.nan
    return found[0], found[1], found[2], found[3]
