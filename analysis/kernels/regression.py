"""The straight line of least squares through the last n values."""

import numpy as np

from analysis.arrays import Floats

STILL = 1e-13  # of the largest squared distance in the window: what varies less is what a mean leaves behind


def line(values: Floats, period: int) -> Floats:
    """Return rows of the line's end, its slope, its begin, its next value, and how much of the variance it explains.

    Written for numba. NaN before there are `period` values; the last row also where none of them differ. Each window is
    measured from its oldest value, so that neither height nor what was before costs digits.
    """
    rows = np.empty((5, len(values)))
    rows[:, : min(len(values), period - 1)] = np.nan
    ends, slopes, begins, following, shares = rows[:, period - 1 :]
    totals, tilts, squares = np.zeros(len(ends)), np.zeros(len(ends)), np.zeros(len(ends))
    middle = (period - 1) / 2.0
    spread = period * (period * period - 1) / 12.0  # of the places
    for lag in range(1, period):
        _add(values[: len(ends)], values[lag : lag + len(ends)], lag - middle, totals, tilts, squares)
    for at in range(len(ends)):
        mean, slope = totals[at] / period, tilts[at] / spread
        variance = squares[at] / period - mean * mean
        begin = values[at] + mean - slope * middle
        slopes[at], begins[at] = slope, begin
        ends[at], following[at] = begin + slope * (period - 1), begin + slope * period
        share = slope * slope * (period * period - 1) / 12.0 / variance
        share = 1.0 if share > 1.0 else share
        shares[at] = share if squares[at] > 0.0 and variance > STILL * squares[at] else np.nan
    return rows


def _add(oldest: Floats, values: Floats, place: float, totals: Floats, tilts: Floats, squares: Floats) -> None:
    for at in range(len(totals)):
        away = values[at] - oldest[at]
        totals[at] += away
        tilts[at] += place * away
        squares[at] += away * away


def residual_deviation(values: Floats, ends: Floats, slopes: Floats, period: int) -> Floats:
    """Return the root of the mean squared distance of the last `period` values from their line.

    Written for numba. `ends` and `slopes` are the first two rows of `line`; the distances are added up one by one, for
    what is left of sums of squares is lost where the values lie on their line.
    """
    found = np.empty(len(values))
    found[: min(len(values), period - 1)] = np.nan
    into = found[period - 1 :]
    into[:] = 0.0
    for lag in range(period):
        _add_squares(values[lag : lag + len(into)], ends[period - 1 :], slopes[period - 1 :], period - 1 - lag, into)
    for at in range(len(into)):
        into[at] = np.sqrt(into[at] / period)
    return found


def _add_squares(values: Floats, ends: Floats, slopes: Floats, ago: int, into: Floats) -> None:
    for at in range(len(into)):
        away = values[at] - (ends[at] - slopes[at] * ago)
        into[at] += away * away
