"""The recursion of the Fisher transform."""

import numpy as np
from numpy.typing import NDArray

from analysis.kernels.compiled import compiled
from analysis.kernels.smoothing import exponential_from

Floats = NDArray[np.float64]
EDGE, INSIDE = 0.99, 0.999  # beyond the edge it is set to `inside`, where the logarithm still is a number


def transform(places: Floats) -> Floats:
    """Return the transform of places between −0.5 and 0.5: smoothed, held inside ±1, stretched, smoothed again."""
    # ½ ln((1 + v) / (1 − v)) + ½ the value before = an average of two halves of ln, weighted ½ each.
    return _halving(np.arctanh(compiled(_held)(places)))


def _held(places: Floats) -> Floats:
    values, last = np.empty(len(places)), 0.0
    for at in range(len(places)):
        last = 0.66 * places[at] + 0.67 * last
        if last > EDGE:
            last = INSIDE
        elif last < -EDGE:
            last = -INSIDE
        values[at] = last
    return values


def _halving(values: Floats) -> Floats:
    """Return each value plus half of the result before it, which was 0 before the first."""
    # An exponential average over three weighs the new value and the result before it by a half each.
    return exponential_from(0.0, 2 * values, 3)
