"""Which of the levels stand on a bar, and the nearest of them."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def nearest(
    known: Ints, prices: Floats, owner: Ints, makers: Ints, lasts: Ints, close: Floats, side: int
) -> tuple[Floats, Floats]:
    """Return on each bar the nearest standing level beyond the close (above for side 1), and its touches by then.

    A level stands from its maker's pivot on to the bar in `lasts`; its price is the outermost touch known.
    """
    found, touches = np.full(len(close), np.nan), np.full(len(close), np.nan)
    for level in range(len(makers)):
        maker = makers[level]
        outer, number = -np.inf, 0
        for place in range(maker + 1):
            if owner[place] == level:
                outer, number = max(outer, side * prices[place]), number + 1
        following = maker + 1
        for bar in range(known[maker], lasts[level] + 1):
            while following < len(known) and known[following] <= bar:
                if owner[following] == level:
                    outer, number = max(outer, side * prices[following]), number + 1
                following += 1
            if outer >= side * close[bar] and not side * found[bar] <= outer:
                found[bar], touches[bar] = side * outer, number
    return found, touches
