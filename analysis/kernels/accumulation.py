"""Where in its range a bar closed, weighted by volume."""

import numpy as np
from numpy.typing import NDArray

from analysis.kernels.division import ratio

Floats = NDArray[np.float64]


def money_flow(high: Floats, low: Floats, close: Floats, volume: Floats) -> Floats:
    """Return volume × ((close − low) − (high − close)) / (high − low); 0 for a bar without range."""
    return ratio((close - low) - (high - close), high - low, otherwise=0.0) * volume
