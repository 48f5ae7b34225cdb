"""Ehlers's two-pole filter."""

import numpy as np

from analysis.arrays import Floats


def super_smoother(source: Floats, period: int) -> Floats:
    """Return the means of two neighbouring values without cycles shorter than `period` bars. Written for numba.

    The filter begins at the first value.
    """
    decay = np.exp(-np.sqrt(2.0) * np.pi / period)
    second = 2.0 * decay * np.cos(np.sqrt(2.0) * np.pi / period)
    third = -decay * decay
    first = 1.0 - second - third
    found = np.empty(len(source))
    before = last = source[0] if len(source) > 0 else 0.0
    for at in range(len(source)):
        mean = (source[at] + source[max(at - 1, 0)]) / 2.0
        # From the value before on, so that what does not move stays exactly where it is.
        now = last + first * (mean - last) + third * (before - last)
        before, last = last, now
        found[at] = now
    return found
