"""How much of a column is unknown."""

import numpy as np
from numpy.typing import NDArray


def count_unknown(values: NDArray[np.float64], first: int) -> int:
    """Return how many values are NaN from the one at `first` on; written for numba."""
    found = 0
    for value in values[first:]:
        found += value != value
    return found
