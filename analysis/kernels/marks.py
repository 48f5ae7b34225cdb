"""Marks of candlesticks as TA-Lib gives them, in hundreds."""

import numpy as np
from numpy.typing import NDArray

from analysis.arrays import Floats


def strengths(hundreds: NDArray[np.int32], warmup: int, into: Floats) -> None:
    """Write each mark over a hundred, NaN in the warm-up. Written for numba, slow to hand an array out."""
    for at in range(len(into)):
        into[at] = hundreds[at] / 100.0
    into[:warmup] = np.nan
