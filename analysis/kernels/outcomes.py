"""What became of events: target, stop, end of time, in the order of the bars."""

import numpy as np

from analysis.arrays import Bools, Floats, Ints

NOTHING, STOPPED, EXPIRED, FAILED = 0, 1, 2, 3


def outcomes(
    high: Floats, low: Floats, close: Floats, known: Ints, last: Ints, sides: Ints, prices: Floats
) -> tuple[Ints, Ints]:
    """Return per event the bars of first target, second target and end (−1: not yet), and what the end was.

    `prices` has first target, second target, stop and the close beyond which the event failed; NaN where there is
    none. A bar that reaches both stop and target counts as the stop. `last` is the bar that time is over at.
    """
    events = len(known)
    reached = np.full((events, 3), -1, np.int64)
    ends = np.zeros(events, np.int64)
    count = len(high)
    for event in range(events):
        side = sides[event]
        first, second, stop, fails = prices[event]
        for bar in range(known[event] + 1, min(count, last[event] + 1)):
            best, worst = (high[bar], low[bar]) if side > 0 else (low[bar], high[bar])
            if (worst - stop) * side <= 0.0:
                reached[event, 2], ends[event] = bar, STOPPED
                break
            if reached[event, 0] < 0 and (best - first) * side >= 0.0:
                reached[event, 0] = bar
            if reached[event, 1] < 0 and (best - second) * side >= 0.0:
                reached[event, 1] = bar
            is_first_done = reached[event, 0] >= 0 or np.isnan(first)
            is_second_done = reached[event, 1] >= 0 or np.isnan(second)
            if is_first_done and is_second_done and not (np.isnan(first) and np.isnan(second)):
                break
            if not is_first_done and (close[bar] - fails) * side < 0.0:
                reached[event, 2], ends[event] = bar, FAILED
                break
            if bar == last[event]:
                reached[event, 2], ends[event] = bar, EXPIRED
    return reached, ends


def touched(high: Floats, low: Floats, after: Ints, until: Ints, sides: Ints, price: Floats) -> Bools:
    """Return per event whether its price was reached on a bar later than `after`, `until` included."""
    found = np.zeros(len(after), np.bool_)
    for event in range(len(after)):
        for bar in range(after[event] + 1, until[event] + 1):
            best = high[bar] if sides[event] > 0 else low[bar]
            if (best - price[event]) * sides[event] >= 0.0:
                found[event] = True
                break
    return found
