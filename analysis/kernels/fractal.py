"""An average that follows by how ragged the price is."""

import numpy as np

from analysis.arrays import Floats

STEEP = -4.6
SLOWEST = 0.01


def fractal_average(source: Floats, high: Floats, low: Floats, period: int) -> Floats:
    """Return Ehlers' average: it begins with the source's value at bar `period` − 1 and moves on from there.

    The dimension is that of the highs and lows of `period` bars and of their two halves; it stays where a range is 0.
    """
    values = np.full(len(source), np.nan)
    half = period // 2
    weight = 1.0
    for at in range(period - 1, len(source)):
        top = bottom = old_top = old_bottom = 0.0
        for back in range(period):
            one = at - back
            if back == 0:
                top, bottom = high[one], low[one]
            elif back == half:
                old_top, old_bottom = high[one], low[one]
            elif back < half:
                top, bottom = max(top, high[one]), min(bottom, low[one])
            else:
                old_top, old_bottom = max(old_top, high[one]), min(old_bottom, low[one])
        recent, older = (top - bottom) / half, (old_top - old_bottom) / half
        whole = (max(top, old_top) - min(bottom, old_bottom)) / period
        if recent > 0.0 and older > 0.0 and whole > 0.0:
            dimension = (np.log(recent + older) - np.log(whole)) / np.log(2.0)
            weight = min(max(np.exp(STEEP * (dimension - 1.0)), SLOWEST), 1.0)
        values[at] = source[at] if at == period - 1 else values[at - 1] + weight * (source[at] - values[at - 1])
    return values
