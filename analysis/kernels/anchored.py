"""Sums that begin anew, and the calendar in which they do."""

import numpy as np
from numpy.typing import NDArray

from analysis.kernels.compiled import compiled
from analysis.kernels.division import ratio
from analysis.kernels.sharing import shared

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
PERIODS = ("week", "month", "quarter", "year")


@shared
def begins(day: Floats, period: str) -> Bools:
    """Return on which bars a new week (from Monday), month, quarter or year begins; the first bar is one."""
    first = np.ones(len(day), dtype=np.bool_)
    if period == "week":
        number = (day.astype(np.int64) + 3) // 7  # day 0 was a Thursday
    else:
        number = _months(day) // {"month": 1, "quarter": 3, "year": 12}[period]
    first[1:] = number[1:] != number[:-1]
    return first


def not_before(day: Floats, date: int) -> int:
    """Return the first bar whose day, written yyyymmdd, is not below the date; their count if there is none."""
    months = _months(day)
    days = day - months.astype("datetime64[M]").astype("datetime64[D]").astype(np.float64) + 1
    written = (1970 + months // 12) * 10_000 + (months % 12 + 1) * 100 + days
    return int(np.searchsorted(written, date))


def cumulated(values: Floats, first: Bools) -> Floats:
    """Return the running sums that begin anew where `first` is set."""
    return compiled(_cumulated)(values, first)


def paid(high: Floats, low: Floats, close: Floats, volume: Floats, first: Bools) -> Floats:
    """Return the average of typical prices weighted by volume since `first` was last set; NaN before any volume."""
    money, traded = cumulated((high + low + close) / 3 * volume, first), cumulated(volume, first)
    return ratio(money, traded)


def _cumulated(values: Floats, first: Bools) -> Floats:
    sums, total = np.empty(len(values)), 0.0
    for at in range(len(values)):
        total = values[at] if first[at] else total + values[at]
        sums[at] = total
    return sums


@shared
def _months(day: Floats) -> NDArray[np.int64]:
    """Return the months since January 1970."""
    return day.astype(np.int64).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
