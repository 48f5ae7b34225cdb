"""Marks of candlesticks as TA-Lib gives them, in hundreds."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def strengths(hundreds: NDArray[np.int32], warmup: int) -> Floats:
    """Return each mark over a hundred, NaN in the warm-up. Written for numba."""
    found = np.empty(len(hundreds))
    for at in range(len(found)):
        found[at] = hundreds[at] / 100.0
    found[:warmup] = np.nan
    return found
