"""Sums that begin anew, and the calendar in which they do."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
PERIODS = ("week", "month", "quarter", "year")


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
    sums = values.copy()
    starts = np.flatnonzero(first)
    if not len(starts):
        return sums
    for start, stop in zip(starts, [*starts[1:], len(values)], strict=True):
        if stop - start > 1:
            np.cumsum(values[start:stop], out=sums[start:stop])
    return sums


def _months(day: Floats) -> NDArray[np.int64]:
    """Return the months since January 1970."""
    return day.astype(np.int64).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
