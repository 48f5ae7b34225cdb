"""The rescaled range of changes, and how it grows with the number of bars."""

from math import exp, lgamma, pi, sqrt

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
SMALLEST, MOST = 8, 32  # bars of a part, parts of the window


def parts(period: int) -> list[int]:
    """Return into how many parts of equal length a window of so many changes is cut, for each point of the line."""
    found, number = [], 1
    while number <= MOST and period // number >= SMALLEST:
        found.append(number)
        number *= 2
    return found


def expected(size: int) -> float:
    """Return the mean rescaled range of so many independent changes (Anis & Lloyd 1976)."""
    gamma = exp(lgamma((size - 1) / 2) - lgamma(size / 2)) / sqrt(pi)
    return gamma * sum(sqrt((size - one) / one) for one in range(1, size))


def exponents(changes: Floats, period: int, numbers: Floats, means: Floats) -> tuple[Floats, Floats]:
    """Return the slope of log R/S over log size on each bar's last `period` changes, plain and without small-size bias.

    `changes` begins with one that is unknown. `means` is what independent changes have at each size. NaN where
    nothing moves.
    """
    plain, corrected = np.full(len(changes), np.nan), np.full(len(changes), np.nan)
    points = len(numbers)
    x, y, z = np.empty(points), np.empty(points), np.empty(points)
    for at in range(period, len(changes)):
        for point in range(points):
            number = int(numbers[point])
            size = period // number
            begin = at + 1 - size * number
            total = 0.0
            for part in range(number):
                first = begin + part * size
                mean = 0.0
                for one in range(first, first + size):
                    mean += changes[one]
                mean /= size
                run = squares = 0.0
                highest, lowest = -np.inf, np.inf
                for one in range(first, first + size):
                    away = changes[one] - mean
                    run += away
                    highest, lowest = max(highest, run), min(lowest, run)
                    squares += away * away
                deviation = np.sqrt(squares / size)
                if deviation > 0.0:
                    total += (highest - lowest) / deviation
            ratio = total / number
            x[point] = np.log(size)
            y[point] = np.log(ratio) if ratio > 0.0 else np.nan
            other = ratio - means[point] + np.sqrt(np.pi * size / 2.0)
            z[point] = np.log(other) if ratio > 0.0 and other > 0.0 else np.nan
        plain[at], corrected[at] = slope(x, y), slope(x, z)
    return plain, corrected


def slope(x: Floats, y: Floats) -> float:
    """Return the least-squares slope."""
    away = x - x.mean()
    found: float = (away * (y - y.mean())).sum() / (away * away).sum()
    return found
