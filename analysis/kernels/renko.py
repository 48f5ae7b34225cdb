"""Renko: the price in bricks of one size."""

import numpy as np

from analysis.arrays import Floats

LEAST = 1e-6  # of the price: a smaller brick is none


def renko(close: Floats, sizes: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Return open and close of the last brick, its direction, and the bricks of the bar, falling ones below zero.

    The first of `sizes` that is a brick is the size of all of them, and that bar's close where they begin. A brick is
    made when a close is its height above the last one's top or below its bottom.
    """
    count = len(close)
    opens, closes = np.full(count, np.nan), np.full(count, np.nan)
    directions, made = np.full(count, np.nan), np.full(count, np.nan)
    size = top = bottom = 0.0
    direction = 0.0
    for at in range(count):
        if size == 0.0:
            if not sizes[at] > LEAST * abs(close[at]):
                continue
            size, top, bottom = sizes[at], close[at], close[at]
        number = 0.0
        if close[at] >= top + size:
            number = np.floor((close[at] - top) / size)
            top += number * size
            bottom, direction = top - size, 1.0
        elif close[at] <= bottom - size:
            number = np.floor((bottom - close[at]) / size)
            bottom -= number * size
            top, direction = bottom + size, -1.0
            number = -number
        directions[at], made[at] = direction, number
        if direction != 0.0:
            opens[at], closes[at] = (bottom, top) if direction > 0.0 else (top, bottom)
    return opens, closes, directions, made
