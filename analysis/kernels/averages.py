"""Averages that run along: one step a value, whatever the period."""

import numpy as np

from analysis.arrays import Floats

# What is left of a running sum is lost in its last digits when it is so much less than the sum has been.
TOWERS = 1e-3


def running_mean(values: Floats, period: int) -> Floats:
    """Return the mean of the last `period` values; NaN before there are as many. Written for numba.

    Values that are NaN at the beginning are not counted.
    """
    count, known, share = len(values), 0, 1.0 / period
    found = np.empty(count)
    while known < count and np.isnan(values[known]):
        known += 1
    first = known + period - 1
    found[: min(count, first)] = np.nan
    if first >= count:
        return found
    total = 0.0
    for at in range(known, first + 1):
        total += values[at]
    found[first] = total * share
    new, old, into = values[first + 1 :], values[known : count - period], found[first + 1 :]
    peak = abs(total)
    for at in range(len(into)):
        total += new[at] - old[at]
        size = abs(total)
        peak = size if size > peak else peak
        if size < peak * TOWERS:
            total = _added(values, first + 2 + at - period, first + 2 + at)
            peak = abs(total)
        into[at] = total * share
    return found


def running_weighted(values: Floats, period: int) -> Floats:
    """Return the mean of the last `period` values, the newest weighing `period` and the oldest 1. Written for numba.

    NaN before there are as many; values that are NaN at the beginning are not counted.
    """
    count, known, share = len(values), 0, 2.0 / (period * (period + 1.0))
    found = np.empty(count)
    while known < count and np.isnan(values[known]):
        known += 1
    first = known + period - 1
    found[: min(count, first)] = np.nan
    if first >= count:
        return found
    total, weighed = _weighed(values, known, first + 1)
    found[first] = weighed * share
    new, old, into = values[first + 1 :], values[known : count - period], found[first + 1 :]
    peak = abs(total)
    for at in range(len(into)):
        weighed += period * new[at] - total
        total += new[at] - old[at]
        size = abs(total)
        peak = size if size > peak else peak
        if size < peak * TOWERS:
            total, weighed = _weighed(values, first + 2 + at - period, first + 2 + at)
            peak = abs(total)
        into[at] = weighed * share
    return found


def _added(values: Floats, begin: int, end: int) -> float:
    total = 0.0
    for at in range(begin, end):
        total += values[at]
    return total


def _weighed(values: Floats, begin: int, end: int) -> tuple[float, float]:
    """Return the sum of the values, and of the values times 1, 2, 3, …"""
    total, weighed = 0.0, 0.0
    for at in range(begin, end):
        total += values[at]
        weighed += (at - begin + 1) * values[at]
    return total, weighed


def running_exponential(values: Floats, period: int, weight: float) -> Floats:
    """Return the average whose newest value has this weight, seeded with the mean of the first `period` values.

    NaN before it; values that are NaN at the beginning are not counted. Written for numba.
    """
    count, known, keeps = len(values), 0, 1.0 - weight
    found = np.empty(count)
    while known < count and np.isnan(values[known]):
        known += 1
    first = known + period - 1
    found[: min(count, first)] = np.nan
    if first >= count:
        return found
    average = 0.0
    for at in range(known, first + 1):
        average += values[at]
    average /= period
    found[first] = average
    new, into = values[first + 1 :], found[first + 1 :]
    for at in range(len(into)):
        average = average * keeps + weight * new[at]
        into[at] = average
    return found


def macd(source: Floats, fast: int, slow: int, signal: int) -> tuple[Floats, Floats, Floats]:
    """Return the fast less the slow exponential average, its own average, and their difference. Written for numba.

    Both averages are seeded where the slow one is, as TA-Lib's; all three begin with the first bar that has the signal.
    """
    count = len(source)
    line, average, difference = np.empty(count), np.empty(count), np.empty(count)
    known = 0
    while known < count and np.isnan(source[known]):
        known += 1
    seeded = known + slow - 1
    first = min(count, seeded + signal - 1)
    line[:first], average[:first], difference[:first] = np.nan, np.nan, np.nan
    if seeded + signal > count:
        return line, average, difference
    total, lately = 0.0, 0.0
    for at in range(known, seeded + 1):
        total += source[at]
        lately += source[at] if at > seeded - fast else 0.0
    slower, faster = total / slow, lately / fast
    weight, lighter, heavier = 2.0 / (signal + 1), 2.0 / (slow + 1), 2.0 / (fast + 1)
    middle = faster - slower
    for at in range(seeded + 1, first + 1):
        faster = faster * (1.0 - heavier) + heavier * source[at]
        slower = slower * (1.0 - lighter) + lighter * source[at]
        middle += faster - slower
    middle /= signal
    line[first], average[first], difference[first] = faster - slower, middle, faster - slower - middle
    new, lines, averages, differences = (
        source[first + 1 :],
        line[first + 1 :],
        average[first + 1 :],
        difference[first + 1 :],
    )
    for at in range(len(new)):
        faster = faster * (1.0 - heavier) + heavier * new[at]
        slower = slower * (1.0 - lighter) + lighter * new[at]
        lines[at] = faster - slower
        middle = middle * (1.0 - weight) + weight * lines[at]
        averages[at], differences[at] = middle, lines[at] - middle
    return line, average, difference


def signalled(line: Floats, period: int) -> tuple[Floats, Floats, Floats]:
    """Return the line, its exponential average, and their difference, from the first bar that has all of them on.

    Written for numba. The average is of the values that are known, and passes over those that are not.
    """
    count = len(line)
    found, signal, apart = np.full(count, np.nan), np.full(count, np.nan), np.full(count, np.nan)
    weight, average, known = 2.0 / (period + 1), 0.0, 0
    for at in range(count):
        if np.isnan(line[at]):
            continue
        known += 1
        average += line[at] / period if known <= period else weight * (line[at] - average)
        if known >= period:
            found[at], signal[at], apart[at] = line[at], average, line[at] - average
    return found, signal, apart
