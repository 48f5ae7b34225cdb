"""The rescaled range of changes, and how it grows with the number of bars."""

from functools import cache
from math import exp, lgamma, pi, sqrt

import numpy as np

from analysis.arrays import Floats

SMALLEST, MOST = 8, 32  # bars of a part, parts of the window
BLOCK = 256  # parts at a time: their sums stay near the processor


def parts(period: int) -> list[int]:
    """Return into how many parts of equal length a window of n changes is cut, for each point of the line."""
    found, number = [], 1
    while number <= MOST and period // number >= SMALLEST:
        found.append(number)
        number *= 2
    return found


@cache
def expected(size: int) -> float:
    """Return the mean rescaled range of n independent changes (Anis & Lloyd 1976)."""
    gamma = exp(lgamma((size - 1) / 2) - lgamma(size / 2)) / sqrt(pi)
    return gamma * sum(sqrt((size - one) / one) for one in range(1, size))


def exponents(changes: Floats, period: int, numbers: Floats, means: Floats) -> tuple[Floats, Floats]:
    """Return the slope of log R/S over log size on each bar's last `period` changes, plain and without small-size bias.

    `changes` begins with one that is unknown. `means` is what independent changes have at each size. NaN where
    nothing moves.
    """
    count, points = len(changes), len(numbers)
    plain, corrected = np.full(count, np.nan), np.full(count, np.nan)
    sizes = np.floor(period / numbers)
    away = np.log(sizes) - np.log(sizes).mean()
    weights = away / (away * away).sum()
    plain[period:], corrected[period:] = 0.0, 0.0
    ratios, total = np.empty(count), np.empty(count)
    for point in range(points):
        number, size = int(numbers[point]), int(sizes[point])
        # A part is in the windows of several bars: each is worked out once, at its first change.
        for begin in range(0, count - size + 1, BLOCK):
            rescale(changes[begin : begin + BLOCK + size - 1], size, ratios[begin : begin + BLOCK])
        total[period:] = 0.0
        for part in range(number):
            back = size * (number - part) - 1
            for at in range(period, count):
                total[at] += ratios[at - back]
        bias = np.sqrt(np.pi * size / 2.0) - means[point]
        for at in range(period, count):
            ratio = total[at] / number
            unbiased = ratio + bias
            plain[at] += weights[point] * (np.log(ratio) if ratio > 0.0 else np.nan)
            corrected[at] += weights[point] * (np.log(unbiased) if ratio > 0.0 and unbiased > 0.0 else np.nan)
    return plain, corrected


def rescale(changes: Floats, size: int, ratios: Floats) -> None:
    """Fill in the rescaled range of the `size` changes from each one on, as far as there are that many.

    All of them advance together, a change at a time. A part that does not move counts as nothing.
    """
    count = len(changes) - size + 1
    mean, run, squares = np.zeros(count), np.zeros(count), np.zeros(count)
    highest, lowest = np.full(count, -np.inf), np.full(count, np.inf)
    for step in range(size):
        change = changes[step : step + count]
        for at in range(count):
            mean[at] += change[at]
    for at in range(count):
        mean[at] /= size
    for step in range(size):
        change = changes[step : step + count]
        for at in range(count):
            away = change[at] - mean[at]
            moved = run[at] + away
            run[at] = moved
            highest[at] = moved if moved > highest[at] else highest[at]
            lowest[at] = moved if moved < lowest[at] else lowest[at]
            squares[at] += away * away
    for at in range(count):
        deviation = np.sqrt(squares[at] / size)
        ratios[at] = (highest[at] - lowest[at]) / deviation if deviation > 0.0 else 0.0
