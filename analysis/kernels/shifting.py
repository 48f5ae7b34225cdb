"""Lines that stand under a later bar than they are computed at."""

import numpy as np

from analysis.arrays import Floats
from analysis.kernels.jit import jit


def shift(values: Floats, bars: int, first: int) -> Floats:
    """Return each value n bars later, from the bar `first` on."""
    return jit[_shift](values, bars, first)


def _shift(values: Floats, bars: int, first: int) -> Floats:
    moved = np.empty(len(values))
    moved[: min(len(values), first)] = np.nan
    for at in range(first, len(values)):
        moved[at] = values[at - bars]
    return moved
