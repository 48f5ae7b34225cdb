"""Which of two prices a position met first: its target, its stop, or the end of its time."""

import numpy as np

from analysis.arrays import Floats, Ints

PENDING, TARGET, STOP, TIMEOUT, TARGET_PASSED, STOP_PASSED = range(6)


def first_touch(
    open: Floats,
    high: Floats,
    low: Floats,
    close: Floats,
    known: Ints,
    life: Ints,
    sides: Ints,
    targets: Floats,
    stops: Floats,
) -> tuple[Ints, Ints, Floats]:
    """Return per position how it ended, the bar of its end (−1: none) and the price there (NaN: none).

    A position opens at the open after the bar `known` and lives for `life` bars, that one included; sides are 1 and −1.
    A bar that opens beyond a price is filled at its open; one that reaches both counts as the stop; time over is the
    last bar's close. Nothing is opened where the open is at or beyond the target or the stop.
    """
    count, positions = len(open), len(known)
    ends = np.zeros(positions, np.int64)
    bars = np.full(positions, -1, np.int64)
    prices = np.full(positions, np.nan)
    for place in range(positions):
        first, side = known[place] + 1, sides[place]
        if first >= count:
            continue
        target, stop, last = targets[place], stops[place], known[place] + life[place]
        if (open[first] - target) * side >= 0.0:
            ends[place] = TARGET_PASSED
            continue
        if (open[first] - stop) * side <= 0.0:
            ends[place] = STOP_PASSED
            continue
        for bar in range(first, min(count, last + 1)):
            best, worst = (high[bar], low[bar]) if side > 0 else (low[bar], high[bar])
            if bar > first and (open[bar] - stop) * side <= 0.0:
                ends[place], prices[place] = STOP, open[bar]
            elif bar > first and (open[bar] - target) * side >= 0.0:
                ends[place], prices[place] = TARGET, open[bar]
            elif (worst - stop) * side <= 0.0:
                ends[place], prices[place] = STOP, stop
            elif (best - target) * side >= 0.0:
                ends[place], prices[place] = TARGET, target
            elif bar == last:
                ends[place], prices[place] = TIMEOUT, close[bar]
            if ends[place]:
                bars[place] = bar
                break
    return ends, bars, prices
