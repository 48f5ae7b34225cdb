"""Where price stands in the range of the last n bars, and the averages of that place."""

import numpy as np

from analysis.arrays import Floats
from analysis.kernels.extremes import place_between
from analysis.kernels.jit import jit
from analysis.kernels.run_cache import shared


@shared
def percent_k(high: Floats, low: Floats, close: Floats, period: int, least: float = 0.0) -> Floats:
    """Return where the close stands in the range of the period, in percent; NaN where the range is not above least."""
    return jit[place_between](high, low, close, period, least)


def smoothed(position: Floats, warmup: int, k_smoothing: int, d_period: int) -> tuple[Floats, Floats]:
    """Return the means of k_smoothing positions and of d_period of those; NaN where a position in them is.

    Both begin with the first bar that has both.
    """
    k, d = jit[_smoothed](position, warmup, k_smoothing, d_period)
    return k, d


def _smoothed(position: Floats, warmup: int, k_smoothing: int, d_period: int) -> tuple[Floats, Floats]:
    count, begin = len(position), min(len(position), warmup + k_smoothing + d_period - 2)
    first, second = np.empty(count), np.empty(count)
    _means(position, warmup, k_smoothing, first)
    _means(first, warmup + k_smoothing - 1, d_period, second)
    first[:begin] = np.nan
    second[:begin] = np.nan
    return first, second


def _means(values: Floats, begin: int, period: int, into: Floats) -> None:
    """Write the mean of the last `period` values, added up by itself for each; NaN where one of them is."""
    first, share = begin + period - 1, 1.0 / period
    if first >= len(values):
        return
    means = into[first:]
    means[:] = values[first:]
    for lag in range(1, period):
        lagging = values[first - lag : len(values) - lag]
        for at in range(len(means)):
            means[at] += lagging[at]
    for at in range(len(means)):
        # A mean of shares is off by a last digit; a share is never outside its range.
        mean = means[at] * share
        means[at] = 100.0 if mean > 100.0 else mean


def twice_smoothed(position: Floats, first: float, second: float, seed: float) -> tuple[Floats, Floats, Floats]:
    """Return the position smoothed by a weight, that by another, and thrice the one less twice the other.

    Written for numba. Both begin at `seed`, and pass over what is unknown.
    """
    k, d, j = np.full(len(position), np.nan), np.full(len(position), np.nan), np.full(len(position), np.nan)
    quick, slow = seed, seed
    for at in range(len(position)):
        if not np.isnan(position[at]):
            quick += first * (position[at] - quick)
            slow += second * (quick - slow)
            k[at], d[at], j[at] = quick, slow, 3.0 * quick - 2.0 * slow
    return k, d, j
