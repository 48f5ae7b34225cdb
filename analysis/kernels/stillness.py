"""Stretches without movement, where sums that should be equal or zero keep a residue."""

import numpy as np
from numpy.typing import NDArray

from analysis.kernels.compiled import compiled

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def held(values: Floats, where: Bools) -> Floats:
    """Return the values with those marked replaced by the last one that is not."""
    return compiled(_held)(values, where)


def _held(values: Floats, where: Bools) -> Floats:
    found, last = np.empty(len(values)), values[0] if len(values) else 0.0
    for at in range(len(found)):
        last = last if where[at] else values[at]
        found[at] = last
    return found


def any_of_last(marks: Bools, bars: int) -> Bools:
    """Return on which bars any of the last so many marks is set; bars before the first are not."""
    return compiled(_any_of_last)(marks, bars)


def _any_of_last(marks: Bools, bars: int) -> Bools:
    found, last = np.empty(len(marks), np.bool_), -bars
    for at in range(len(found)):
        last = at if marks[at] else last
        found[at] = at - last < bars
    return found
