"""Stretches without movement, where sums that should be equal or zero keep a residue."""

import numpy as np

from analysis.arrays import Floats
from analysis.kernels.jit import jit


def held_share(part: Floats, whole: Floats, least: float) -> Floats:
    """Return part / whole in percent; what it was while the whole is below `least`, and 0 while it has always been."""
    return jit[_held_share](part, whole, least)


def _held_share(part: Floats, whole: Floats, least: float) -> Floats:
    found, last = np.empty(len(part)), 0.0
    for at in range(len(found)):
        if np.isnan(whole[at]):
            found[at] = np.nan
            continue
        if whole[at] >= least:
            last = min(max(100.0 * part[at] / whole[at], -100.0), 100.0)
        found[at] = last
    return found
