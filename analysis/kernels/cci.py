"""The commodity channel index's loop: how far the newest price is from its mean, in mean deviations."""

import numpy as np

from analysis.arrays import Floats

BLOCK = 1024  # bars whose sums stay in the processor's nearest memory
LAMBERT = 0.015


def channel_index(high: Floats, low: Floats, close: Floats, period: int) -> Floats:
    """Return the typical price's distance from its mean over 0.015 mean deviations; NaN where none of them differ.

    Written for numba. Every window is added up by itself, so nothing is left over from bars before it; four lags of
    many bars at once, which a processor does several at a time.
    """
    count, share, scale = len(close), 1.0 / period, LAMBERT / period
    values, typical = np.empty(count), np.empty(count)
    values[: min(count, period - 1)] = np.nan
    for at in range(count):
        typical[at] = high[at] + low[at] + close[at]  # three times the typical price: the index has no unit
    means, away = np.empty(BLOCK), np.empty(BLOCK)
    fours = period - period % 4
    for begin in range(period - 1, count, BLOCK):
        size = min(BLOCK, count - begin)
        mean, apart = means[:size], away[:size]
        mean[:] = 0.0
        apart[:] = 0.0
        for lag in range(0, fours, 4):
            of = typical[begin - lag - 3 : begin - lag + size]
            _add_four(of[3:], of[2 : 2 + size], of[1 : 1 + size], of[:size], mean)
        for lag in range(fours, period):
            _add(typical[begin - lag : begin - lag + size], mean)
        for at in range(size):
            mean[at] *= share
        for lag in range(0, fours, 4):
            of = typical[begin - lag - 3 : begin - lag + size]
            _add_four_away(of[3:], of[2 : 2 + size], of[1 : 1 + size], of[:size], mean, apart)
        for lag in range(fours, period):
            _add_away(typical[begin - lag : begin - lag + size], mean, apart)
        now, into = typical[begin : begin + size], values[begin : begin + size]
        for at in range(size):
            into[at] = (now[at] - mean[at]) / (scale * apart[at])
    _unknown_without_change(typical, period, values)
    return values


def _add_four(one: Floats, two: Floats, three: Floats, four: Floats, into: Floats) -> None:
    for at in range(len(into)):
        into[at] += (one[at] + two[at]) + (three[at] + four[at])


def _add(one: Floats, into: Floats) -> None:
    for at in range(len(into)):
        into[at] += one[at]


def _add_four_away(one: Floats, two: Floats, three: Floats, four: Floats, means: Floats, into: Floats) -> None:
    for at in range(len(into)):
        mean = means[at]
        into[at] += (abs(one[at] - mean) + abs(two[at] - mean)) + (abs(three[at] - mean) + abs(four[at] - mean))


def _add_away(one: Floats, means: Floats, into: Floats) -> None:
    for at in range(len(into)):
        into[at] += abs(one[at] - means[at])


def _unknown_without_change(typical: Floats, period: int, values: Floats) -> None:
    """Write NaN where all prices of the period are equal: their mean may be off by a last digit."""
    new, old, repeats = typical[1:], typical[:-1], 0
    for at in range(len(new)):
        repeats += int(np.uint8(new[at] == old[at]))
    if repeats < period - 1:
        return
    same = 0  # how many bars back the typical price has been what it is
    for at in range(1, len(typical)):
        same = same + 1 if typical[at] == typical[at - 1] else 0
        if same >= period - 1:
            values[at] = np.nan
