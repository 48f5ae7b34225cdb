"""Every way in which one bar, or the order of bars, can contradict itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from analysis.arrays import Bools, Floats, Times


class BarFault(NamedTuple):
    """Hold a fault of the bar at `row` (from 0); `field` is the column that is most likely wrong."""

    row: int
    field: str
    code: str
    detail: str


class Readings(NamedTuple):
    """Hold columns as far as they could be read: NaN, and a false `timed`, stand for what was reported."""

    time: Times
    timed: Bools
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats | None


def faults_in_bars(bars: Readings) -> Iterator[BarFault]:
    """Yield every fault of order, sign and consistency, column by column, each column in order of time."""
    yield from _order_faults(bars.time, bars.timed)
    if bars.volume is not None:
        for row in np.flatnonzero(bars.volume < 0):
            yield BarFault(int(row), "volume", "negative_volume", f"{bars.volume[row]:g} is below 0")
    for row in np.flatnonzero(bars.high < bars.low):
        yield BarFault(int(row), "high", "high_below_low", f"high {bars.high[row]:g} < low {bars.low[row]:g}")
    # A bar whose high is below its low has one fault, not five.
    sound = ~(bars.high < bars.low)
    # fmax and fmin pass over a NaN: what was reported already does not hide what else is wrong.
    top, bottom = np.fmax(bars.open, bars.close), np.fmin(bars.open, bars.close)
    for row in np.flatnonzero(sound & (bars.high < top)):
        yield BarFault(int(row), "high", "high_below_body", f"high {bars.high[row]:g} < open or close {top[row]:g}")
    for row in np.flatnonzero(sound & (bars.low > bottom)):
        yield BarFault(int(row), "low", "low_above_body", f"low {bars.low[row]:g} > open or close {bottom[row]:g}")


def _order_faults(time: Times, timed: Bools) -> Iterator[BarFault]:
    rows = np.flatnonzero(timed)
    known = time[rows]
    # Compared rather than subtracted: the difference of two int64 may overflow.
    for later in np.flatnonzero(known[1:] == known[:-1]) + 1:
        yield BarFault(int(rows[later]), "time", "duplicate_time", "the time of the bar before")
    for later in np.flatnonzero(known[1:] < known[:-1]) + 1:
        yield BarFault(int(rows[later]), "time", "not_sorted", "earlier than the bar before")
