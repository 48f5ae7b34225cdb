"""Relative change; one from nothing is none, or unknown."""

import numpy as np

from analysis.arrays import Floats
from analysis.kernels.jit import jit

# What is left of a running sum is lost in its last digits when it is so much less than the sum has been.
TOWERS = 1e-3


def percent_since(source: Floats, period: int) -> Floats:
    """Return the change over `period` values in percent of the earlier one; NaN from a zero. Written for numba."""
    values = np.empty(len(source))
    values[: min(len(source), period)] = np.nan
    before, now, into = source[: len(source) - period], source[period:], values[period:]
    for at in range(len(before)):
        into[at] = 100.0 * (now[at] - before[at]) / before[at] if before[at] != 0.0 else np.nan
    return values


def percent_change(source: Floats, period: int) -> Floats:
    """Return the change over `period` values in percent of the earlier one, from value `period` on; 0 from a zero."""
    return jit[_percent_change](source, period)


def percent_apart(now: Floats, before: Floats) -> Floats:
    """Return how far one is from the other in percent of that; 0 from a zero."""
    return jit[_percent_apart](now, before)


def _percent_change(source: Floats, period: int) -> Floats:
    return _percent_apart(source[period:], source[: len(source) - period])


def _percent_apart(now: Floats, before: Floats) -> Floats:
    change = np.empty(len(now))
    for at in range(len(change)):
        percent = 100.0 * (now[at] - before[at]) / before[at]
        change[at] = percent if before[at] != 0.0 else 0.0
    return change


def add_mean_change(source: Floats, span: int, period: int, weight: float, into: Floats) -> None:
    """Add `weight` times the mean of the last `period` changes over `span` values in percent; those from a zero are 0.

    Written for numba. `into` ends with the source's last value.
    """
    change, first = _percent_apart(source[span:], source[: len(source) - span]), len(source) - span - len(into)
    total = 0.0
    for at in range(first - period + 1, first):
        total += change[at]
    share, peak = weight / period, 0.0
    for at in range(len(into)):
        total += change[first + at]
        size = abs(total)
        peak = size if size > peak else peak
        if size < peak * TOWERS:
            total = _added(change, first + at - period + 1, first + at + 1)
            peak = abs(total)
        into[at] += share * total
        total -= change[first + at - period + 1]


def _added(values: Floats, begin: int, end: int) -> float:
    total = 0.0
    for at in range(begin, end):
        total += values[at]
    return total
