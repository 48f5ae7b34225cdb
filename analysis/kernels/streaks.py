"""Runs of rises and falls, and the rank of a value among those before it."""

import numpy as np

from analysis.arrays import Floats
from analysis.kernels.jit import jit


def streak(values: Floats) -> Floats:
    """Return for how many values in a row the series has risen, as a negative number fallen; 0 where it stood."""
    return jit[_streak](values)


def percent_rank(values: Floats, period: int) -> Floats:
    """Return how many percent of the `period` values before each are at most it; NaN before there are as many."""
    return jit[_percent_rank](values, period)


def _streak(values: Floats) -> Floats:
    found, run = np.zeros(len(values)), 0.0
    for at in range(1, len(values)):
        now, before = values[at], values[at - 1]
        run = max(run, 0.0) + 1.0 if now > before else min(run, 0.0) - 1.0 if now < before else 0.0
        found[at] = run
    return found


def _percent_rank(values: Floats, period: int) -> Floats:
    found = np.empty(len(values))
    found[:period] = np.nan
    for at in range(period, len(values)):
        now, before, beneath = values[at], values[at - period : at], 0
        for place in range(period):
            beneath += int(np.uint8(before[place] <= now))
        found[at] = 100.0 * beneath / period
    return found
