"""Sums, means and extremes over the last n values; a period of one is the value itself (TA-Lib begins at two)."""

from analysis.arrays import Floats
from analysis.kernels.averages import running_exponential, running_mean, running_weighted
from analysis.kernels.deviation import rolling_std
from analysis.kernels.extremes import channel, extreme
from analysis.kernels.jit import fused, jit
from analysis.kernels.rolling_windows import rolling_sum
from analysis.kernels.run_cache import shared


def exact_sum(values: Floats, period: int) -> Floats:
    """Return the sum of the last `period` values, each added up by itself; NaN where one of them is."""
    return jit[rolling_sum](values, period)


def highest(values: Floats, period: int) -> Floats:
    """Return the highest of the last `period` values; NaN before there are as many."""
    return jit[extreme](values, period, True)


def lowest(values: Floats, period: int) -> Floats:
    """Return the lowest of the last `period` values; NaN before there are as many."""
    return jit[extreme](values, period, False)


def middle(high: Floats, low: Floats, period: int) -> Floats:
    """Return the middle of the highest high and the lowest low of the last `period` bars."""
    return jit[channel](high, low, period)[1]


def mean(values: Floats, period: int) -> Floats:
    """Return the mean of the last `period` values; NaN before there are as many."""
    return jit[running_mean](values, period)


def exponential(values: Floats, period: int) -> Floats:
    """Return the exponential average, seeded with the mean of the first `period` values; NaN before it."""
    return fused[running_exponential](values, period, 2.0 / (period + 1))


def wilder(values: Floats, period: int) -> Floats:
    """Return Wilder's average, seeded with the mean of the first `period` values; NaN before it."""
    return fused[running_exponential](values, period, 1.0 / period)


def weighted(values: Floats, period: int) -> Floats:
    """Return the mean with linear weights, the newest weighing `period`; NaN before there are as many."""
    return jit[running_weighted](values, period)


def triangular(values: Floats, period: int) -> Floats:
    """Return the mean of the mean, of half the period each; of an even period the outer one is a bar longer."""
    return mean(mean(values, (period + 1) // 2), period // 2 + 1)


@shared
def deviation(values: Floats, period: int) -> Floats:
    """Return the population's standard deviation of the last `period` values; exactly zero without movement."""
    return jit[rolling_std](values, period)
