"""Exponential averages that begin where the caller says."""

import numpy as np

from analysis.arrays import Floats
from analysis.kernels.jit import fused


def exponential_from(seed: float, values: Floats, period: int) -> Floats:
    """Return the exponential average of the values, as if it had been `seed` before the first of them."""
    return fused[_from](float(seed), values, 2.0 / (period + 1))


def _from(seed: float, values: Floats, weight: float) -> Floats:
    average, keeps = seed, 1.0 - weight
    found = np.empty(len(values))
    for at in range(len(found)):
        average = average * keeps + weight * values[at]
        found[at] = average
    return found
