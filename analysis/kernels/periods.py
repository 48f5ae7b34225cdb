"""What the period before came to, as it is known on every bar of the present one."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.kernels.anchored import PERIODS, begins
from analysis.kernels.sharing import shared
from analysis.spec import Floats

Ints = NDArray[np.int64]
EVERY = ("session", *PERIODS)


@shared
def first_bars(session: Floats, day: Floats, period: str) -> np.typing.NDArray[np.bool_]:
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
def before(first: np.typing.NDArray[np.bool_], open: Floats, high: Floats, low: Floats, close: Floats) -> Before:
    """Return what the periods before came to."""
    starts = np.flatnonzero(first)
    edges = np.concatenate(([0], starts))
    columns = np.full((5, len(edges)), np.nan)
    if len(starts):
        columns[0, 1:] = open[edges[:-1]]
        columns[1, 1:] = np.maximum.reduceat(high, edges)[:-1]
        columns[2, 1:] = np.minimum.reduceat(low, edges)[:-1]
        columns[3, 1:] = close[starts - 1]
        columns[4, 1:] = open[starts]
    return Before(columns[0], columns[1], columns[2], columns[3], columns[4], np.cumsum(first))
