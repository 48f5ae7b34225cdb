"""Exponential averages that begin where the caller says."""

import numpy as np
from numpy.typing import NDArray

from analysis.kernels.talib import ta

Floats = NDArray[np.float64]


def exponential_from(seed: float, values: Floats, period: int) -> Floats:
    """Return the exponential average of the values, as if it had been `seed` before the first of them."""
    if period < 2:
        return values.copy()
    # The mean of `period` seeds in front, which TA-Lib begins with, is the seed.
    return ta.EMA(np.concatenate((np.full(period, seed), values)), period)[period:]
