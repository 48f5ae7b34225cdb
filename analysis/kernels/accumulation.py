"""Where in its range a bar closed, weighted by volume."""

import numpy as np
from numpy.typing import NDArray

from analysis.kernels.compiled import compiled
from analysis.kernels.sharing import shared

Floats = NDArray[np.float64]


@shared
def money_flow(high: Floats, low: Floats, close: Floats, volume: Floats) -> Floats:
    """Return volume × ((close − low) − (high − close)) / (high − low); 0 for a bar without range."""
    return compiled(_money_flow)(high, low, close, volume)


def _money_flow(high: Floats, low: Floats, close: Floats, volume: Floats) -> Floats:
    flow = np.empty(len(close))
    for at in range(len(flow)):
        reach = high[at] - low[at]
        place = ((close[at] - low[at]) - (high[at] - close[at])) / reach
        flow[at] = (place if reach > 0.0 else 0.0) * volume[at]
    return flow


def balance(close: Floats, volume: Floats) -> Floats:
    """Return the running total of volume, added on rising and taken off on falling closes, from the first bar's on.

    Written for numba.
    """
    values = np.empty(len(close))
    total = values[0] = volume[0]
    for at in range(1, len(close)):
        now, before, traded = close[at], close[at - 1], volume[at]
        total += (traded if now > before else 0.0) - (traded if now < before else 0.0)
        values[at] = total
    return values
