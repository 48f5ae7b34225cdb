"""What the period before came to, as it is known on every bar of the present one."""

import numpy as np

from analysis.kernels.anchored import PERIODS, begins
from analysis.kernels.sharing import shared
from analysis.spec import Floats

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


@shared
def before(
    first: np.typing.NDArray[np.bool_], open: Floats, high: Floats, low: Floats, close: Floats
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return the open, high, low and close of the period before each bar's; NaN in the first, which has none."""
    starts = np.flatnonzero(first)
    columns = np.full((4, len(close)), np.nan)
    if len(starts):
        edges = np.concatenate(([0], starts))
        lasts = starts - 1
        which = np.cumsum(first)
        later = which > 0
        whole = (
            open[edges][:-1],
            np.maximum.reduceat(high, edges)[:-1],
            np.minimum.reduceat(low, edges)[:-1],
            close[lasts],
        )
        for column, found in zip(columns, whole, strict=True):
            column[later] = found[which[later] - 1]
    return columns[0], columns[1], columns[2], columns[3]
