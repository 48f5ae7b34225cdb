"""Means of prices weighted by volume."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def volume_weighted(values: Floats, volume: Floats, period: int) -> Floats:
    """Return the mean of the last `period` values weighted by volume; NaN where any volume of them is unknown or none.

    Written for numba. Every window is added up anew.
    """
    found = np.empty(len(values))
    found[: min(len(values), period - 1)] = np.nan
    for end in range(period - 1, len(values)):
        prices, traded = values[end - period + 1 : end + 1], volume[end - period + 1 : end + 1]
        money, lots = 0.0, 0.0
        for at in range(period):
            money += prices[at] * traded[at]
            lots += traded[at]
        found[end] = money / lots if lots > 0.0 else np.nan
    return found
