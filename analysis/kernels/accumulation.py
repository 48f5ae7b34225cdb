"""Where in its range a bar closed, weighted by volume."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def money_flow(high: Floats, low: Floats, close: Floats, volume: Floats) -> Floats:
    """Return volume × ((close − low) − (high − close)) / (high − low); 0 for a bar without range."""
    reach = high - low
    place = np.zeros_like(close)
    np.divide((close - low) - (high - close), reach, out=place, where=reach > 0)
    return place * volume
