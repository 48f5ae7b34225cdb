"""Ehlers' autocorrelation periodogram: which cycle a price is most like."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
STILL = 1e-12  # of the squared price: what varies less does not


def roofed(source: Floats, longest: int, shortest: int) -> Floats:
    """Return the source without cycles longer than `longest` bars and smoothed over `shortest`."""
    angle = 0.707 * 2.0 * np.pi / longest
    pole = 1.0 + (np.sin(angle) - 1.0) / np.cos(angle)
    decay = np.exp(-1.414 * np.pi / shortest)
    second = 2.0 * decay * np.cos(1.414 * np.pi / shortest)
    third = -decay * decay
    first = 1.0 - second - third
    passed, smooth = np.zeros(len(source)), np.zeros(len(source))
    for at in range(2, len(source)):
        bend = source[at] - 2.0 * source[at - 1] + source[at - 2]
        passed[at] = (1.0 - pole / 2.0) ** 2 * bend + 2.0 * (1.0 - pole) * passed[at - 1]
        passed[at] -= (1.0 - pole) ** 2 * passed[at - 2]
        smooth[at] = first * (passed[at] + passed[at - 1]) / 2.0 + second * smooth[at - 1] + third * smooth[at - 2]
    return smooth


def dominant(source: Floats, shortest: int, longest: int, average: int, cosines: Floats, sines: Floats) -> Floats:
    """Return the dominant cycle in bars: the centre of gravity of the periodogram above half its largest power.

    `cosines` and `sines` have a row for each lag from `average` to `longest`, a column for each period. Held where the
    price does not move; NaN until it has.
    """
    count, periods = len(source), longest - shortest + 1
    smooth = roofed(source, longest, shortest)
    found = np.full(count, np.nan)
    powers = np.zeros(periods)
    largest = 0.0
    known = np.nan
    for at in range(longest + average, count):
        real, imaginary = np.zeros(periods), np.zeros(periods)
        for lag in range(average, longest + 1):
            correlation = alike(smooth, at, lag, average, STILL * source[at] * source[at])
            row = lag - average
            for one in range(periods):
                real[one] += correlation * cosines[row, one]
                imaginary[one] += correlation * sines[row, one]
        largest *= 0.995
        for one in range(periods):
            square = real[one] * real[one] + imaginary[one] * imaginary[one]
            powers[one] = 0.2 * square * square + 0.8 * powers[one]
            largest = max(largest, powers[one])
        weights = centre = 0.0
        for one in range(periods):
            share = powers[one] / largest if largest > 0.0 else 0.0
            if share >= 0.5:
                weights += share
                centre += share * (shortest + one)
        if weights > 0.0:
            known = centre / weights
        found[at] = known
    return found


def alike(values: Floats, at: int, lag: int, average: int, still: float) -> float:
    """Return the correlation of the last `average` values with those `lag` bars before; 0 where either is still."""
    sx = sy = sxx = syy = sxy = 0.0
    for back in range(average):
        x, y = values[at - back], values[at - back - lag]
        sx, sy, sxx, syy, sxy = sx + x, sy + y, sxx + x * x, syy + y * y, sxy + x * y
    one, other = average * sxx - sx * sx, average * syy - sy * sy
    if one <= still or other <= still:
        return 0.0
    found: float = (average * sxy - sx * sy) / np.sqrt(one * other)
    return found
