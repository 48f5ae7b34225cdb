"""The money flow index's loop."""

import numpy as np

from analysis.arrays import Floats

# What is left of a running sum is lost in its last digits when it is so much less than the sum has been.
TOWERS = 1e-3


def flow_index(high: Floats, low: Floats, close: Floats, volume: Floats, period: int) -> Floats:
    """Return rising flow as a share of all flow of the period, in percent; NaN where none flowed.

    Written for numba. The bars in each running sum are counted, so that a sum of none is zero and not a residue.
    """
    count = len(close)
    values, whole, flow = np.empty(count), np.empty(count), np.empty(count)
    values[: min(count, period)] = np.nan
    if period >= count:
        return values
    _flows(high, low, close, volume, flow)
    up, down = 0.0, 0.0
    ups, downs = 0, 0
    for at in range(1, period):
        ups += int(flow[at] > 0.0)
        downs += int(flow[at] < 0.0)
        up += max(flow[at], 0.0)
        down -= min(flow[at], 0.0)
    new, old, into, total = flow[period:], flow[: count - period], values[period:], whole[period:]
    highest, lowest = up, down
    for at in range(len(into)):
        # Whether prices rise is a coin's throw that no processor guesses: so without branches.
        now, gone = new[at], old[at]
        ups += int(now > 0.0) - int(gone > 0.0)
        downs += int(now < 0.0) - int(gone < 0.0)
        up += (now if now > 0.0 else 0.0) - (gone if gone > 0.0 else 0.0)
        down += (gone if gone < 0.0 else 0.0) - (now if now < 0.0 else 0.0)
        up = up if ups > 0 else 0.0
        down = down if downs > 0 else 0.0
        highest = up if up > highest else highest
        lowest = down if down > lowest else lowest
        if up < highest * TOWERS or down < lowest * TOWERS:
            up, down = _both(flow, at + 1, at + period + 1)
            highest, lowest = up, down
        into[at], total[at] = up, up + down
    for at in range(len(into)):
        share = into[at] / total[at]
        share = 1.0 if share > 1.0 else share
        into[at] = 100.0 * (0.0 if share < 0.0 else share)
    return values


def _both(values: Floats, begin: int, end: int) -> tuple[float, float]:
    up, down = 0.0, 0.0
    for at in range(begin, end):
        up += max(values[at], 0.0)
        down -= min(values[at], 0.0)
    return up, down


def _flows(high: Floats, low: Floats, close: Floats, volume: Floats, into: Floats) -> None:
    """Write volume times the sum of high, low and close, negative where that sum falls and zero where it stays."""
    typical = np.empty(len(close))
    for at in range(len(typical)):
        typical[at] = high[at] + low[at] + close[at]
    new, old, traded, flow = typical[1:], typical[:-1], volume[1:], into[1:]
    into[0] = 0.0
    for at in range(len(flow)):
        now, before = new[at], old[at]
        flow[at] = traded[at] * ((now if now > before else 0.0) - (now if now < before else 0.0))
