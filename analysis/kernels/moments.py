"""The shape of the distribution of the last n values; written for numba, every window added up by itself."""

import numpy as np

from analysis.arrays import Floats


def moment(source: Floats, period: int, power: int, still: float) -> Floats:
    """Return the third or fourth standardised moment; NaN where the values vary by no more than `still` of their size.

    Population moments: the mean of the distances from the mean to that power, over the deviation to that power.
    """
    values = np.empty(len(source))
    values[: min(len(source), period - 1)] = np.nan
    into = values[period - 1 :]
    means, sizes = np.zeros(len(into)), np.zeros(len(into))
    squares, higher = np.zeros(len(into)), np.zeros(len(into))
    for lag in range(period):
        lagging = source[lag : lag + len(into)]
        for at in range(len(into)):
            means[at] += lagging[at]
            sizes[at] += abs(lagging[at])
    for at in range(len(into)):
        means[at] /= period
    for lag in range(period):
        _add_powers(source[lag : lag + len(into)], means, power, squares, higher)
    for at in range(len(into)):
        square, size = squares[at] / period, sizes[at] / period
        over = square * np.sqrt(square) if power == 3 else square * square
        share = higher[at] / period / over
        into[at] = share if square > (still * size) * (still * size) else np.nan
    return values


def _add_powers(values: Floats, means: Floats, power: int, squares: Floats, higher: Floats) -> None:
    for at in range(len(means)):
        apart = values[at] - means[at]
        squares[at] += apart * apart
        higher[at] += apart * apart * (apart if power == 3 else apart * apart)


def normalised_entropy(source: Floats, period: int) -> Floats:
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


def mean_distance(source: Floats, period: int) -> Floats:
    """Return the mean distance of the last `period` values from their mean."""
    values = np.empty(len(source))
    values[: min(len(source), period - 1)] = np.nan
    into = values[period - 1 :]
    into[:] = 0.0
    means = np.zeros(len(into))
    # From the oldest of each window on, so that what does not move is nowhere off its mean.
    for lag in range(1, period):
        _add_distances(source[lag : lag + len(into)], source[: len(into)], means, False)
    for at in range(len(into)):
        means[at] = source[at] + means[at] / period
    for lag in range(period):
        _add_distances(source[lag : lag + len(into)], means, into, True)
    for at in range(len(into)):
        into[at] /= period
    return values


def _add_distances(values: Floats, off: Floats, into: Floats, is_absolute: bool) -> None:
    for at in range(len(into)):
        away = values[at] - off[at]
        into[at] += abs(away) if is_absolute else away
