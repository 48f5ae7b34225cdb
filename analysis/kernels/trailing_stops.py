"""Stops that follow the close by some average true ranges, and turn when it goes beyond them; written for numba."""

import numpy as np

from analysis.arrays import Floats


def ratcheting(close: Floats, width: Floats, first: int) -> tuple[Floats, Floats]:
    """Return the stop and the direction of the trend that it follows, both NaN before the bar `first`.

    The upper line comes down and the lower one goes up with the close, never back, until a close has been beyond them.
    The first direction is that of the close from the bar before `first`.
    """
    count = len(close)
    stop, direction = np.full(count, np.nan), np.full(count, np.nan)
    upper, lower, is_up = np.inf, -np.inf, True
    for at in range(first, count):
        now, before = close[at], close[at - 1]
        is_up = now >= before if at == first else is_up
        above, below = now + width[at], now - width[at]
        upper = above if above < upper or before > upper else upper
        lower = below if below > lower or before < lower else lower
        is_up = now >= lower if is_up else now > upper
        stop[at] = lower if is_up else upper
        direction[at] = 1.0 if is_up else -1.0
    return stop, direction


def from_the_best_close(close: Floats, width: Floats, period: int) -> tuple[Floats, Floats]:
    """Return the stop that was in force at each bar, and the direction of the trend after its close.

    The stop hangs from the best close of the trend by the width of the bar before, so it may also fall back. The first
    trend, whose direction is that of the first `period` closes, is left out with the bar that ends it.
    """
    count = len(close)
    stop, direction = np.full(count, np.nan), np.full(count, np.nan)
    if count <= period:
        return stop, direction
    best = close[0]
    is_up, is_guess = close[period - 1] > close[0], True
    for at in range(1, period + 1):
        best = max(best, close[at]) if is_up else min(best, close[at])
    for at in range(period + 1, count):
        now = close[at]
        line = best - width[at - 1] if is_up else best + width[at - 1]
        is_over = now < line if is_up else now > line
        is_up = is_up != is_over
        best = now if is_over else max(best, now) if is_up else min(best, now)
        if not is_guess:
            stop[at] = line
            direction[at] = 1.0 if is_up else -1.0
        is_guess = is_guess and not is_over
    return stop, direction
