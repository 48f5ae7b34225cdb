"""Which of the levels stand on a bar, and the nearest of them."""

import numpy as np

from analysis.arrays import Floats, Ints


def one_side(bars: Ints, known: Ints, kinds: Ints, prices: Floats, side: int, first: int) -> tuple[Ints, Ints, Floats]:
    """Return the bars of the pivots of one kind from the bar `first` on, when they are known, and their prices."""
    mine = np.flatnonzero((kinds == side) & (bars >= first))
    return bars[mine], known[mine], prices[bars[mine]]


def nearest(
    known: Ints, prices: Floats, owner: Ints, makers: Ints, ends: Ints, close: Floats, side: int
) -> tuple[Floats, Floats]:
    """Return on each bar the nearest standing level beyond the close (above for side 1), and its touches by then.

    A level stands from its maker's pivot on to the bar before its breakout (the first of `ends`) or, without one, to
    the last bar that it stands; its price is the outermost touch known.
    """
    found, touches = np.full(len(close), np.nan), np.full(len(close), np.nan)
    for level in range(len(makers)):
        maker = makers[level]
        outer, number = -np.inf, 0
        for place in range(maker + 1):
            if owner[place] == level:
                outer, number = max(outer, side * prices[place]), number + 1
        following = maker + 1
        last = ends[level, 0] - 1 if ends[level, 0] >= 0 else ends[level, 2]
        for bar in range(known[maker], last + 1):
            while following < len(known) and known[following] <= bar:
                if owner[following] == level:
                    outer, number = max(outer, side * prices[following]), number + 1
                following += 1
            if outer >= side * close[bar] and not side * found[bar] <= outer:
                found[bar], touches[bar] = side * outer, number
    return found, touches
