"""The recursion of the Fisher transform."""

import numpy as np

from analysis.arrays import Floats

EDGE, INSIDE = 0.99, 0.999  # beyond the edge it is set to `inside`, where the logarithm still is a number


def transform(places: Floats) -> tuple[Floats, Floats]:
    """Return the transform of places in percent, and its value a bar ago; unknown places are passed over.

    Written for numba. About the middle: smoothed, held inside ±1, stretched by ½ ln((1 + v) / (1 − v)), smoothed again.
    """
    count = len(places)
    line, before = np.full(count, np.nan), np.full(count, np.nan)
    last, value = 0.0, 0.0
    for at in range(count):
        if not np.isnan(places[at]):
            last = 0.66 * (places[at] / 100.0 - 0.5) + 0.67 * last
            last = INSIDE if last > EDGE else -INSIDE if last < -EDGE else last
            value = 0.5 * np.log((1.0 + last) / (1.0 - last)) + 0.5 * value
            line[at] = value
        if at > 0:
            before[at] = line[at - 1]
    return line, before
