"""The commodity channel index's loop: how far the newest price is from its mean, in mean deviations."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def channel_index(high: Floats, low: Floats, close: Floats, period: int) -> Floats:
    """Return the typical price's distance from its mean over 0.015 mean deviations; NaN where none of them differ.

    Written for numba. Every window is added up anew: nothing is carried from bar to bar, so no residue is either.
    """
    count = len(close)
    typical = (high + low + close) / 3.0
    values = np.full(count, np.nan)
    same = 0  # how many bars back the typical price has been what it is
    for end in range(count):
        same = same + 1 if end > 0 and typical[end] == typical[end - 1] else 0
        if end < period - 1 or same >= period - 1:
            continue
        window = typical[end - period + 1 : end + 1]
        middle = 0.0
        for at in range(period):
            middle += window[at]
        middle /= period
        away = 0.0
        for at in range(period):
            away += abs(window[at] - middle)
        values[end] = (typical[end] - middle) / (0.015 * away / period)
    return values
