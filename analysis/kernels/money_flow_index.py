"""The money flow index's loop."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def flow_index(high: Floats, low: Floats, close: Floats, volume: Floats, period: int) -> Floats:
    """Return rising flow as a share of all flow of the period, in percent; NaN where none flowed.

    Written for numba. The bars in each running sum are counted, so that a sum of none is zero and not a residue.
    """
    count = len(close)
    values = np.full(count, np.nan)
    flow = np.zeros(count)
    up, down = 0.0, 0.0
    ups, downs = 0, 0
    before = (high[0] + low[0] + close[0]) / 3.0
    for end in range(1, count):
        # Whether prices rise is a coin's throw that no processor guesses: so without branches.
        typical = (high[end] + low[end] + close[end]) / 3.0
        now = typical * volume[end] * ((typical > before) - (typical < before))
        before = typical
        flow[end] = now
        gone = flow[end - period] if end > period else 0.0
        ups += int(now > 0.0) - int(gone > 0.0)
        downs += int(now < 0.0) - int(gone < 0.0)
        up = (up + max(now, 0.0) - max(gone, 0.0)) * (ups > 0)
        down = (down - min(now, 0.0) + min(gone, 0.0)) * (downs > 0)
        if end >= period and ups + downs > 0:
            values[end] = min(100.0, max(0.0, 100.0 * up / (up + down)))
    return values
