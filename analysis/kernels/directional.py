"""Wilder's average directional index."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
FADED = 1e-290  # smaller ranges have lost their digits


def directional_index(high: Floats, low: Floats, close: Floats, period: int) -> Floats:
    """Return Wilder's average of the directional index, in percent; the first 2 × period − 1 values are NaN.

    Written for numba. Seeded as TA-Lib's: with the sums of the first period − 1 bars, and the mean of the first
    `period` directional indices, of which those of bars without range are 0 then and left out later.
    """
    count, share = len(close), 1.0 / period
    values = np.empty(count)
    values[: min(count, 2 * period - 1)] = np.nan
    reach, plus, minus, total, average = 0.0, 0.0, 0.0, 0.0, 0.0
    for at in range(1, count):
        rise, fall = high[at] - high[at - 1], low[at - 1] - low[at]
        true_range = max(high[at], close[at - 1]) - min(low[at], close[at - 1])
        keeps = 1.0 if at < period else 1.0 - share
        reach = reach * keeps + true_range
        plus = plus * keeps + (rise if rise > fall and rise > 0.0 else 0.0)
        minus = minus * keeps + (fall if fall > rise and fall > 0.0 else 0.0)
        if at < period:
            continue
        moved = plus + minus
        known = reach > FADED and moved > FADED
        index = 100.0 * abs(plus - minus) / moved if known else 0.0
        if at < 2 * period - 1:
            total += index
        elif at == 2 * period - 1:
            average = (total + index) / period
            values[at] = average
        else:
            average = average * (1.0 - share) + index * share if known else average
            values[at] = average
    return values
