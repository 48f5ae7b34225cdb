"""What expressions ask of the values before: how many were beaten, which was chosen, what stands in for an unknown one.

Conditions are 1, 0 or NaN (unknown) as in `logic`; what would need a bar before the first is unknown.
"""

import numpy as np

from analysis.arrays import Floats
from analysis.kernels import logic


def percent_change(values: Floats, bars: int) -> Floats:
    """Return how much more a value is than n bars ago, in percent of that value's size."""
    before = logic.lag(values, bars)
    return 100.0 * logic.arithmetic("/", values - before, np.abs(before))


def beyond_all(values: Floats, bars: int) -> Floats:
    """Return whether a value is above each of the n before: false as soon as one of them is known to be no lower."""
    before = np.concatenate((np.full(bars, np.nan), values))[: len(values) + bars - 1]
    unknown = np.isnan(before)
    windows = np.lib.stride_tricks.sliding_window_view(np.where(unknown, -np.inf, before), bars)
    highest = windows.max(axis=1)
    unknown_since = np.concatenate(([0], np.cumsum(unknown)))
    is_open = unknown_since[bars:] - unknown_since[:-bars] > 0
    holds = np.where(values <= highest, 0.0, np.where(is_open, np.nan, 1.0))
    holds[np.isnan(values)] = np.nan
    return holds


def chosen(condition: Floats, one: Floats, other: Floats) -> Floats:
    """Return `one` where the condition holds, `other` where it does not, unknown where it is."""
    return np.where(condition == 1.0, one, np.where(condition == 0.0, other, np.nan))


def known_or(values: Floats, instead: Floats) -> Floats:
    """Return the values, and `instead` where they are unknown."""
    return np.where(np.isnan(values), instead, values)


def value_when(condition: Floats, values: Floats, number: int) -> Floats:
    """Return the value on the bar on which the condition last held, or n times before that (0: last).

    Unknown where it has not held so often, and where it was unknown on any bar since.
    """
    count = len(condition)
    held = np.flatnonzero(condition == 1.0)
    place = np.cumsum(condition == 1.0) - 1 - number
    last_unknown = np.maximum.accumulate(np.where(np.isnan(condition), np.arange(count), -1)) if count else held
    found = np.full(count, np.nan)
    there = np.flatnonzero(place >= 0)
    bars = held[place[there]]
    found[there] = np.where(last_unknown[there] > bars, np.nan, values[bars])
    return found


def logarithm(values: Floats) -> Floats:
    """Return the natural logarithm; unknown of what is not above zero."""
    return _known(np.log, values)


def root(values: Floats) -> Floats:
    """Return the square root; unknown of what is below zero."""
    return _known(np.sqrt, values)


def _known(compute: np.ufunc, values: Floats) -> Floats:
    with np.errstate(all="ignore"):
        found: Floats = compute(values)
    found[~np.isfinite(found)] = np.nan
    return found
