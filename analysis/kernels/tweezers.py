"""Two bars of opposite colours whose highs, or lows, are equal."""

import numpy as np

from analysis.arrays import Floats

BARS = 5  # before the first, whose mean range says what is equal
EQUAL = 0.05  # of that range: TA-Lib's own setting


def tweezers(open: Floats, high: Floats, low: Floats, close: Floats, side: int) -> Floats:
    """Return 1 where a black and a white bar have equal lows (side 1), −1 where white and black have equal highs."""
    count = len(close)
    marks = np.zeros(count)
    marks[: BARS + 1] = np.nan
    for bar in range(BARS + 1, count):
        turns = close[bar - 1] < open[bar - 1] and close[bar] >= open[bar]
        if side < 0:
            turns = close[bar - 1] >= open[bar - 1] and close[bar] < open[bar]
        if turns:
            total = 0.0
            for before in range(bar - 1 - BARS, bar - 1):
                total += high[before] - low[before]
            apart = low[bar] - low[bar - 1] if side > 0 else high[bar] - high[bar - 1]
            if abs(apart) <= EQUAL * total / BARS:
                marks[bar] = side
    return marks
