"""Prices brought near one, exactly.

TA-Lib takes sums below 1e-14 for zero, so a coin at 0.000001 would have no variance. Multiplying by a power of two
changes no digit of a float64, and the same series from its beginning always gets the same factor.
"""

from math import frexp

import numpy as np
from numpy.typing import NDArray

NEAR_ENOUGH = 2.0**-10  # TA-Lib's 1e-14 is then no more than 1e-11 of the price


def lifted(*columns: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
    """Return the columns by the power of two that lifts the first column's prices to near one, if they are far below.

    For results that do not depend on the unit.
    """
    if columns[0][0] >= NEAR_ENOUGH:
        return columns
    factor = unit(columns[0])
    return tuple(column * factor for column in columns)


def unit(values: NDArray[np.float64]) -> float:
    """Return the power of two that brings the first value that is not zero to between 0.5 and 1."""
    first = float(values[0]) if len(values) else 0.0
    if first == 0.0:
        others = np.flatnonzero(values)
        first = float(values[others[0]]) if len(others) else 1.0
    return float(2.0 ** -max(-1_000, min(1_000, frexp(first)[1])))
