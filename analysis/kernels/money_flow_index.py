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
    typical = (high + low + close) / 3.0
    flow = np.zeros(count)
    new, old, money = typical[1:], typical[:-1], flow[1:]
    for at in range(count - 1):
        now, before = new[at], old[at]
        money[at] = now * ((1.0 if now > before else 0.0) - (1.0 if now < before else 0.0))
    flow *= volume
    up, down = 0.0, 0.0
    ups, downs = 0, 0
    for end in range(1, count):
        # Whether prices rise is a coin's throw that no processor guesses: so without branches.
        now, gone = flow[end], flow[end - period] if end > period else 0.0
        ups += int(now > 0.0) - int(gone > 0.0)
        downs += int(now < 0.0) - int(gone < 0.0)
        up += max(now, 0.0) - max(gone, 0.0)
        down += min(gone, 0.0) - min(now, 0.0)
        up = up if ups > 0 else 0.0
        down = down if downs > 0 else 0.0
        if end >= period:
            share = 100.0 * up / (up + down)
            values[end] = share if ups + downs > 0 else np.nan
    inside: Floats = np.clip(values, 0.0, 100.0)
    return inside
