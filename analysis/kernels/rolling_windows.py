"""Sums over the last n values, each window added up by itself: nothing is left over from values before it.

Written for numba. All windows advance together, a lag at a time, oldest first: a processor adds several at once, and
the order in which a window is added up is the same on every machine.
"""

import numpy as np

from analysis.arrays import Floats


def rolling_sum(values: Floats, period: int) -> Floats:
    """Return the sum of the last `period` values; NaN where one of them is, and before there are as many."""
    found = _begun(len(values), period)
    _add(values, period, found[period - 1 :])
    return found


def volume_weighted(values: Floats, volume: Floats, period: int) -> Floats:
    """Return the mean of the last `period` values weighted by volume; NaN where a volume is unknown or all are zero."""
    found, traded, paid = _begun(len(values), period), np.zeros(len(values)), np.empty(len(values))
    for at in range(len(values)):
        paid[at] = values[at] * volume[at]
    _add(paid, period, found[period - 1 :])
    _add(volume, period, traded[period - 1 :])
    for at in range(len(values)):
        mean = found[at] / traded[at]
        found[at] = mean if traded[at] > 0.0 else np.nan
    return found


def weighted_average(values: Floats, weights: Floats) -> Floats:
    """Return the sum of the last values times the weights, oldest first; NaN before there are as many.

    About the oldest of each window, so that what does not move stays exactly where it is: the weights add up to one.
    """
    period = len(weights)
    found = _begun(len(values), period)
    into = found[period - 1 :]
    first = values[: len(into)]
    for lag in range(1, period):
        weight, lagging = weights[lag], values[lag : lag + len(into)]
        for at in range(len(into)):
            into[at] += weight * (lagging[at] - first[at])
    for at in range(len(into)):
        into[at] += first[at]
    return found


def _begun(count: int, period: int) -> Floats:
    found = np.zeros(count)
    found[: min(count, period - 1)] = np.nan
    return found


def _add(values: Floats, period: int, into: Floats) -> None:
    for lag in range(period):
        lagging = values[lag : lag + len(into)]
        for at in range(len(into)):
            into[at] += lagging[at]
