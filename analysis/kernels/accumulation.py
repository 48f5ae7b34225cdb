"""Where in its range a bar closed, weighted by volume."""

import numpy as np

from analysis.arrays import Floats
from analysis.kernels.jit import jit
from analysis.kernels.run_cache import shared


@shared
def money_flow(high: Floats, low: Floats, close: Floats, volume: Floats) -> Floats:
    """Return volume × ((close − low) − (high − close)) / (high − low); 0 for a bar without range."""
    return jit[_money_flow](high, low, close, volume)


def _money_flow(high: Floats, low: Floats, close: Floats, volume: Floats) -> Floats:
    flow = np.empty(len(close))
    for at in range(len(flow)):
        reach = high[at] - low[at]
        place = ((close[at] - low[at]) - (high[at] - close[at])) / reach
        flow[at] = (place if reach > 0.0 else 0.0) * volume[at]
    return flow


def on_balance_volume(close: Floats, volume: Floats) -> Floats:
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


def price_volume_trend(close: Floats, volume: Floats) -> Floats:
    """Return the running total of volume times the relative change of the close; NaN on the first bar.

    Written for numba.
    """
    values, total = np.full(len(close), np.nan), 0.0
    for at in range(1, len(close)):
        total += (close[at] - close[at - 1]) / close[at - 1] * volume[at]
        values[at] = total
    return values


def forced(high: Floats, low: Floats, close: Floats, volume: Floats) -> Floats:
    """Return the volume, negative where the typical price fell; NaN on the first bar. Written for numba."""
    values = np.full(len(close), np.nan)
    before = high[0] + low[0] + close[0]
    for at in range(1, len(close)):
        now = high[at] + low[at] + close[at]
        values[at] = volume[at] if now >= before else -volume[at]
        before = now
    return values


def ease_of_movement(high: Floats, low: Floats, volume: Floats) -> Floats:
    """Return how far the middle of the range moved, times the range, over volume; NaN on the first bar and without any.

    Written for numba.
    """
    values = np.full(len(high), np.nan)
    for at in range(1, len(high)):
        moved = (high[at] + low[at] - high[at - 1] - low[at - 1]) / 2.0
        values[at] = moved * (high[at] - low[at]) / volume[at] if volume[at] > 0.0 else np.nan
    return values
