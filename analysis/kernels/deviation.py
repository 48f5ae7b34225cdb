"""The standard deviation of the last n values."""

import numpy as np

from analysis.arrays import Floats

# A variance that is so much less than the sum it is made of is lost in the last digits.
TOWERS = 1e-4

RESTART_EVERY = 16  # bars after which the running sums are begun again


def rolling_std(values: Floats, period: int) -> Floats:
    """Return the population's standard deviation of the last `period` values; exactly zero without movement.

    Written for numba. Sums of squares lose digits far from zero: they are taken from a value of the window, and begun
    again before it is far behind, and as soon as little is left of what they were.
    """
    count = len(values)
    found = np.full(count, np.nan)
    origin, total, squares, share = 0.0, 0.0, 0.0, 1.0 / period
    peak = 0.0
    same = 0  # how many bars back the value has been what it is
    for end in range(count):
        same = same + 1 if end > 0 and values[end] == values[end - 1] else 0
        begin = end - period + 1
        if begin < 0:
            continue
        if begin % RESTART_EVERY == 0:
            origin, peak = values[end], 0.0
            total, squares = _sums(values, begin, end, origin)
        else:
            away = values[end] - origin
            gone = values[begin - 1] - origin
            total += away - gone
            squares += away * away - gone * gone
        peak = squares if squares > peak else peak
        mean = total * share
        left = squares * share - mean * mean
        if left < peak * share * TOWERS and same < period - 1:
            origin = values[end]
            total, squares = _sums(values, begin, end, origin)
            peak, mean = squares, total * share
            left = squares * share - mean * mean
        found[end] = 0.0 if same >= period - 1 else max(0.0, left)
    for at in range(count):
        found[at] = np.sqrt(found[at])
    return found


def _sums(values: Floats, begin: int, end: int, origin: float) -> tuple[float, float]:
    """Return the sums of how far the values are from the origin, and of the squares of that."""
    total, squares = 0.0, 0.0
    for at in range(begin, end):
        away = values[at] - origin
        total += away
        squares += away * away
    return total, squares


def bands(
    source: Floats, middle: Floats, period: int, deviations: float, flat: float
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return the lines some deviations above and below the middle, where the source is between them, and their width.

    Written for numba. The place is a share from 0 at the lower line, NaN where they are not `flat` of the middle apart;
    the width is in percent of the middle, NaN where that is zero.
    """
    found = rolling_std(source, period)
    count = len(source)
    upper, lower, place, width = np.empty(count), np.empty(count), np.empty(count), np.empty(count)
    for at in range(count):
        reach, size = deviations * found[at], abs(middle[at])
        upper[at], lower[at] = middle[at] + reach, middle[at] - reach
        place[at] = (source[at] - lower[at]) / (2.0 * reach) if reach > flat * size else np.nan
        width[at] = 200.0 * reach / size if size > 0.0 else np.nan
    return upper, lower, place, width
