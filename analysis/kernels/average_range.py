"""Wilder's average of the true range, which many entries measure with."""

import numpy as np
from numpy.typing import NDArray

from analysis.kernels.scaling import unit
from analysis.kernels.sharing import shared
from analysis.kernels.talib import ta

Floats = NDArray[np.float64]


@shared
def average_range(high: Floats, low: Floats, close: Floats, period: int) -> Floats:
    """Return the average; to be read only."""
    factor = unit(close)
    found: Floats = ta.ATR(high * factor, low * factor, close * factor, period) / factor
    return found
