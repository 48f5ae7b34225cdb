"""Wilder's relative strength, with its two traps closed."""

import numpy as np

from analysis.arrays import Floats
from analysis.kernels.jit import fused
from analysis.kernels.run_cache import shared

NEUTRAL = 50.0
FADED = 1e-290  # smaller averages have lost their digits


@shared
def relative_strength(source: Floats, period: int) -> Floats:
    """Return the average gain as a share of average gain and loss, in percent; the first `period` values are NaN.

    It is 50 while nothing has ever changed (TA-Lib: 0), and what it was once both averages have faded away.
    """
    return fused[_relative_strength](source, period)


def _relative_strength(source: Floats, period: int) -> Floats:
    """Return the share; both averages are seeded with the mean of the first `period` steps. Written for numba."""
    count, share = len(source), 1.0 / period
    keeps = 1.0 - share
    values, gains, moves = np.empty(count), np.empty(count), np.empty(count)
    values[: min(count, period)] = np.nan
    if period >= count:
        return values
    gain, move = 0.0, 0.0
    for at in range(1, period + 1):
        step = source[at] - source[at - 1]
        gain += max(step, 0.0)
        move += abs(step)
    gain *= share
    move *= share
    gains[period], moves[period] = gain, move
    new, old, rises, steps = source[period + 1 :], source[period : count - 1], gains[period + 1 :], moves[period + 1 :]
    for at in range(len(new)):
        step = new[at] - old[at]
        size = abs(step)
        rises[at] = (size if step > 0.0 else 0.0) * share
        steps[at] = size * share
    for at in range(len(new)):
        gain = gain * keeps + rises[at]
        move = move * keeps + steps[at]
        rises[at], steps[at] = gain, move
    rises, steps, into = gains[period:], moves[period:], values[period:]
    faded = 0
    for at in range(len(into)):
        into[at] = 100.0 * (rises[at] / steps[at])
        faded += int(np.uint8(steps[at] <= FADED))
    if faded:
        last = NEUTRAL
        for at in range(len(into)):
            last = into[at] if steps[at] > FADED else last
            into[at] = last
    return values
