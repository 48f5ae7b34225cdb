"""Stretches without movement, where sums that should be equal or zero keep a residue."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def unchanged(*columns: Floats) -> Bools:
    """Return on which bars every column repeats its value of the bar before; false on the first."""
    same = np.ones(len(columns[0]), dtype=np.bool_)
    same[:1] = False
    for column in columns:
        same[1:] &= column[1:] == column[:-1]
    return same


def held(values: Floats, where: Bools) -> Floats:
    """Return the values with those marked replaced by the last one that is not."""
    last = np.maximum.accumulate(np.where(where, 0, np.arange(len(values))))
    return values[last]


def any_of_last(marks: Bools, bars: int) -> Bools:
    """Return on which bars any of the last so many marks is set; bars before the first are not."""
    counted = np.cumsum(marks)
    before = np.zeros_like(counted)
    before[bars:] = counted[:-bars]
    return counted > before
