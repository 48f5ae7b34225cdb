"""How much of a column is unknown."""

import numpy as np

from analysis.arrays import Floats


def count_unknown(values: Floats, first: int) -> int:
    """Return how many values are NaN from the one at `first` on; written for numba."""
    found, asked = 0, values[first:]
    for at in range(len(asked)):
        # Bytes, of which a processor compares eight times as many at once as of the integers that are Python's.
        found += int(np.uint8(asked[at] != asked[at]))
    return found
