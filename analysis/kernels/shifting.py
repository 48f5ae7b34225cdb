"""Lines that stand under a later bar than they are computed at."""

import numpy as np
from numpy.typing import NDArray

from analysis.kernels.compiled import compiled

Floats = NDArray[np.float64]


def late(values: Floats, bars: int, first: int) -> Floats:
    """Return each value so many bars later, from the bar `first` on."""
    return compiled[_late](values, bars, first)


def _late(values: Floats, bars: int, first: int) -> Floats:
    moved = np.empty(len(values))
    moved[: min(len(values), first)] = np.nan
    for at in range(first, len(values)):
        moved[at] = values[at - bars]
    return moved
