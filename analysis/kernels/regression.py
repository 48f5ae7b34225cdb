"""The straight line of least squares through the last so many values."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
STILL = 1e-13  # of the largest squared distance in the window: what varies less is what a mean leaves behind


def line(values: Floats, period: int) -> Floats:
    """Return rows of the line's end, its slope, its begin, its next value, and how much of the variance it explains.

    Written for numba. NaN before there are `period` values; the last row also where none of them differ. Each window is
    measured from its oldest value, so that neither height nor what was before costs digits.
    """
    count = len(values)
    rows = np.empty((5, count))
    rows[:, : min(count, period - 1)] = np.nan
    middle = (period - 1) / 2.0
    spread = period * (period * period - 1) / 12.0  # of the places
    for end in range(period - 1, count):
        window = values[end - period + 1 : end + 1]
        origin = window[0]
        total, tilt, squares = 0.0, 0.0, 0.0
        for place in range(period):
            away = window[place] - origin
            total += away
            tilt += (place - middle) * away
            squares += away * away
        mean, slope = total / period, tilt / spread
        variance = squares / period - mean * mean
        begin = origin + mean - slope * middle
        rows[0, end] = begin + slope * (period - 1)
        rows[1, end] = slope
        rows[2, end] = begin
        rows[3, end] = begin + slope * period
        explained = slope * slope * (period * period - 1) / 12.0 / variance
        explained = 1.0 if explained > 1.0 else explained
        rows[4, end] = explained if squares > 0.0 and variance > STILL * squares else np.nan
    return rows
