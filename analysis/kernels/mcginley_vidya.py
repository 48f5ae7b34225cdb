"""Averages whose next step depends on where the last one led; written for numba."""

import numpy as np

from analysis.arrays import Floats


def mcginley_dynamic(source: Floats, period: int, begin: float) -> Floats:
    """Return McGinley's average from `begin`, its value at bar period − 1, on; NaN once a price is not above zero."""
    values = np.full(len(source), np.nan)
    known = values[period - 1] = begin
    for at in range(period, len(source)):
        ratio = source[at] / known if known > 0.0 else 0.0
        # The price may be far away for a moment: a step never goes beyond it.
        square = ratio * ratio
        known += (source[at] - known) / max(period * (square * square), 1.0) if ratio > 0.0 else np.nan
        values[at] = known
    return values


def vidya(source: Floats, weights: Floats, begin: int) -> Floats:
    """Return the average that begins at bar `begin` − 1 and moves by a weight of its own, that before, on each bar."""
    values = np.full(len(source), np.nan)
    known = source[begin - 1]
    for at in range(begin, len(source)):
        known += weights[at - 1] * (source[at] - known)
        values[at] = known
    return values
