"""What the period before came to, as it is known on every bar of the present one."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from analysis.arrays import Bools, Floats, Ints
from analysis.kernels.anchored import PERIODS, begins
from analysis.kernels.jit import jit
from analysis.kernels.run_cache import shared

EVERY = ("session", *PERIODS)


@shared
def first_bars(session: Floats, day: Floats, period: str) -> Bools:
    """Return on which bars a new period begins; the first bar of all is none, for its period may be older."""
    if period in PERIODS:
        first = begins(day, period).copy()
    else:
        first = np.zeros(len(day), dtype=np.bool_)
        first[1:] = session[1:] != session[:-1]
    first[:1] = False
    return first


class Before(NamedTuple):
    """The open, high, low and close of the period before, a value for each period; NaN for the first, which has none.

    `today` is a period's own open, NaN in the first, which may have begun earlier. `which` is each bar's period.
    """

    open: Floats
    high: Floats
    low: Floats
    close: Floats
    today: Floats
    which: Ints


@shared
def before(first: Bools, open: Floats, high: Floats, low: Floats, close: Floats) -> Before:
    """Return what the periods before came to."""
    columns, which = jit[_before](first, open, high, low, close)
    return Before(columns[0], columns[1], columns[2], columns[3], columns[4], which)


def on_bars(levels: Sequence[Floats], which: Ints) -> tuple[Floats, ...]:
    """Return the levels, a value for each period, as columns of the bars."""
    return tuple(jit[_on_bars](np.array(levels), which))


def _before(first: Bools, open: Floats, high: Floats, low: Floats, close: Floats) -> tuple[Floats, Ints]:
    which, period = np.empty(len(first), np.int64), 0
    for at in range(len(first)):
        period += int(first[at])
        which[at] = period
    columns = np.full((5, period + 1), np.nan)
    begun, top, bottom = open[0], high[0], low[0]
    for at in range(1, len(first)):
        if first[at]:
            period = which[at]
            columns[0, period], columns[1, period], columns[2, period] = begun, top, bottom
            columns[3, period], columns[4, period] = close[at - 1], open[at]
            begun, top, bottom = open[at], high[at], low[at]
        top, bottom = max(top, high[at]), min(bottom, low[at])
    return columns, which


def _on_bars(levels: Floats, which: Ints) -> Floats:
    rows = np.empty((len(levels), len(which)))
    for row in range(len(levels)):
        level, into = levels[row], rows[row]
        for at in range(len(which)):
            into[at] = level[which[at]]
    return rows
