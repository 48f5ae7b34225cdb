"""Relative change, with the change from nothing taken for none."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def percent_change(source: Floats, period: int) -> Floats:
    """Return the change over `period` values in percent of the earlier one, from value `period` on; 0 from a zero."""
    before = source[:-period]
    if before.all():
        return 100 * (source[period:] - before) / before
    change = np.zeros_like(before)
    np.divide(100 * (source[period:] - before), before, out=change, where=before != 0)
    return change
