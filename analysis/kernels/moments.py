"""The shape of the distribution of the last so many values; written for numba, every window added up anew."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def moment(source: Floats, period: int, power: int, still: float) -> Floats:
    """Return the third or fourth standardised moment; NaN where the values vary by no more than `still` of their size.

    Population moments: the mean of the distances from the mean to that power, over the deviation to that power.
    """
    values = np.full(len(source), np.nan)
    for end in range(period - 1, len(source)):
        window = source[end - period + 1 : end + 1]
        mean, size = 0.0, 0.0
        for at in range(period):
            mean += window[at]
            size += abs(window[at])
        mean /= period
        size /= period
        square, higher = 0.0, 0.0
        for at in range(period):
            away = (window[at] - mean) * (window[at] - mean)
            square += away
            higher += away * ((window[at] - mean) if power == 3 else away)
        square /= period
        if square > (still * size) ** 2:
            values[end] = higher / period / (square * np.sqrt(square) if power == 3 else square * square)
    return values


def evenness(source: Floats, period: int) -> Floats:
    """Return the entropy of the values as shares of their sum, over its greatest; NaN where one is not above zero."""
    values = np.full(len(source), np.nan)
    # The sum of s ln s with s = v / t is (the sum of v ln v) / t − ln t.
    weighed = source * np.log(np.where(source > 0.0, source, 1.0))
    for end in range(period - 1, len(source)):
        total, part, least = 0.0, 0.0, source[end]
        for at in range(end - period + 1, end + 1):
            total += source[at]
            part += weighed[at]
            least = min(least, source[at])
        if least > 0.0:
            values[end] = min(1.0, max(0.0, (np.log(total) - part / total) / np.log(period)))
    return values
