"""Prices brought near one, exactly.

TA-Lib takes sums below 1e-14 for zero, so a coin at 0.000001 would have no variance. Multiplying by a power of two
changes no digit of a float64, and the same series from its beginning always gets the same factor.
"""

from math import frexp

import numpy as np

from analysis.arrays import Floats


def unit(values: Floats) -> float:
    """Return the power of two that brings the first value that is not zero to between 0.5 and 1."""
    first = float(values[0]) if len(values) else 0.0
    if first == 0.0:
        others = np.flatnonzero(values)
        first = float(values[others[0]]) if len(others) else 1.0
    return float(2.0 ** -max(-1_000, min(1_000, frexp(first)[1])))
