"""How recent the extremes of the last n bars are."""

import numpy as np

from analysis.arrays import Floats


def aroon(high: Floats, low: Floats, period: int) -> tuple[Floats, Floats]:
    """Return how recent the highest high and the lowest low of period + 1 bars are: 100 is now, 0 `period` bars ago.

    Written for numba. Of equal extremes the latest counts.
    """
    up, down = _age_of_highest(high, period + 1), _age_of_highest(-low, period + 1)
    for at in range(len(high)):
        up[at] = 100.0 * (period - up[at]) / period
        down[at] = 100.0 * (period - down[at]) / period
    up[:period] = np.nan
    down[:period] = np.nan
    return up, down


def _age_of_highest(values: Floats, width: int) -> Floats:
    """Return how many bars ago the highest of the last `width` values was.

    The highest of 2n bars is the higher of two neighbouring n: a few passes over all bars, none of which branches.
    """
    count = len(values)
    best, age = values.copy(), np.zeros(count)
    higher, older = np.empty(count), np.empty(count)
    size = 1
    while size < width:
        step = min(size, width - size)
        higher[:step] = best[:step]
        older[:step] = age[:step]
        _choose(best[step:], best[:-step], age[step:], age[:-step], step, higher[step:], older[step:])
        best, higher = higher, best
        age, older = older, age
        size += step
    return age


def _choose(new: Floats, old: Floats, new_age: Floats, old_age: Floats, step: int, into: Floats, age: Floats) -> None:
    for at in range(len(new)):
        # Everything is read before it is chosen from: then no branch is needed.
        one, other, its_age, other_age = new[at], old[at], new_age[at], old_age[at] + step
        into[at] = one if one >= other else other
        age[at] = its_age if one >= other else other_age
