"""Ehlers's Laguerre filter: four all-pass stages, each later than the one before."""

import numpy as np

from analysis.arrays import Floats


def steps_of_stages(source: Floats, gamma: float) -> tuple[Floats, Floats]:
    """Return by how much the stages rise from the last to the first in all, and by how much they differ in all.

    Written for numba. All four begin at the first value.
    """
    count = len(source)
    risen, apart = np.empty(count), np.empty(count)
    first = second = third = last = source[0] if count > 0 else 0.0
    for at in range(count):
        new = (1.0 - gamma) * source[at] + gamma * first
        one = first - gamma * new + gamma * second
        two = second - gamma * one + gamma * third
        last = third - gamma * two + gamma * last
        first, second, third = new, one, two
        risen[at] = first - last
        apart[at] = abs(first - second) + abs(second - third) + abs(third - last)
    return risen, apart
