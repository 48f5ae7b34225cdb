"""What chance alone gives: how likely a driftless random walk meets one of two prices first."""

from math import erfc, pi, sqrt

import numpy as np

from analysis.arrays import Floats
from analysis.kernels.talib import ta

TERMS = 60
# Variance of the whole time as a share of the squared distance, below which the series would need more terms; the
# far barrier is out of reach there.
SHORT = 1e-3
PERIOD = 20


def first_passage(target: Floats, stop: Floats, variance: Floats) -> tuple[Floats, Floats]:
    """Return the probabilities that a driftless walk meets the target first, and the stop first, in its time.

    `target` and `stop` are distances from the start, `variance` is that of the whole time in the same unit squared:
    bars times the variance of a bar. The rest is the probability of meeting neither. NaN where an input is not a number
    or no distance is above zero. Source: Borodin & Salminen, Handbook of Brownian Motion (2nd ed., 2002), II.1.3.
    """
    known = np.isfinite(target) & np.isfinite(stop) & (variance >= 0) & (target > 0) & (stop > 0)
    above, below = np.where(known, target, 1.0), np.where(known, stop, 1.0)
    spent = np.where(known, variance, 0.0)
    found = _passage(above, below, spent), _passage(below, above, spent)
    return np.where(known, found[0], np.nan), np.where(known, found[1], np.nan)


def _passage(near: Floats, other: Floats, variance: Floats) -> Floats:
    """Return the probability of meeting the barrier `near` above the start before the one `other` below it."""
    whole = near + other
    share, spent = other / whole, variance / whole**2
    found = share.copy()
    for n in range(1, TERMS + 1):
        found += 2 * (-1) ** n / (n * pi) * np.sin(n * pi * share) * np.exp(-0.5 * (n * pi) ** 2 * spent)
    short = spent < SHORT
    found[short] = [
        erfc(distance / sqrt(2 * v)) if v > 0 else 0.0
        for distance, v in zip(near[short].tolist(), variance[short].tolist(), strict=True)
    ]
    return np.clip(found, 0.0, 1.0)


def bar_volatility(open: Floats, high: Floats, low: Floats, close: Floats, period: int = PERIOD) -> Floats:
    """Return the deviation of a bar's change in price: Parkinson's of the range and the gap's, Wilder-averaged.

    NaN on the first `period` bars. Source: Parkinson, J. of Business 53 (1980); the gap as in Yang & Zhang, J. of
    Business 73 (2000).
    """
    found = np.full(len(close), np.nan)
    if len(close) > period:
        range_ = np.log(high[1:] / low[1:]) ** 2 / (4 * np.log(2))
        gap = np.log(open[1:] / close[:-1]) ** 2
        found[1:] = np.sqrt(ta.RMA(range_ + gap, period)) * close[1:]
    return found
