"""Wilder's relative strength, with its two traps closed."""

import numpy as np
from numpy.typing import NDArray

from analysis.kernels.scaling import lifted
from analysis.kernels.sharing import shared
from analysis.kernels.stillness import held, unchanged
from analysis.kernels.talib import ta

Floats = NDArray[np.float64]
NEUTRAL = 50.0


@shared
def relative_strength(source: Floats, period: int) -> Floats:
    """Return the average gain as a share of average gain and loss, in percent; the first `period` values are NaN.

    It is 50 while nothing has ever changed (TA-Lib: 0). A bar without change leaves the share what it was; TA-Lib says
    0 once both averages have faded below 1e-14.
    """
    values = ta.RSI(*lifted(source), period)
    if source[1] == source[0]:
        moved = np.flatnonzero(source != source[0])
        values[period : moved[0] if len(moved) else None] = NEUTRAL
    if values.all():  # NaN is not zero
        return values
    faded = unchanged(source) & (values == 0.0)
    faded[: period + 1] = False
    return held(values, faded)
