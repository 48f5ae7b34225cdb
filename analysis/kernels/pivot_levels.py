"""The last pivots known on each bar."""

import numpy as np

from analysis.arrays import Floats, Ints
from analysis.kernels.average_range import average_range
from analysis.kernels.jit import jit
from analysis.kernels.run_cache import shared
from analysis.kernels.zigzag import Turns, fractal_pivots, zigzag

PERIOD = 14


def last_pivots(high: Floats, low: Floats, close: Floats, threshold: float, number: int) -> Floats:
    """Return the prices of the last `number` zigzag pivots known on each bar, the newest first, a row for each.

    A pivot is known when price has come `threshold` ATR14 back from it; NaN until there are that many.
    """
    prices, newest = _turned(high, low, close, threshold)
    return jit[_last](prices, newest, number)


def fanned(prices: Floats, ways: Floats, ratios: tuple[float, ...]) -> tuple[Floats, ...]:
    """Return the prices after so much of the way each, a column for every ratio."""
    return tuple(jit[_fanned](prices, ways, np.array(ratios)))


@shared
def stood_out(high: Floats, low: Floats, left: int, right: int) -> Turns:
    """Return the swings that stand out among n bars before and after."""
    return jit[fractal_pivots](high, low, left, right)


@shared
def _turned(high: Floats, low: Floats, close: Floats, threshold: float) -> tuple[Floats, Ints]:
    """Return the pivots' prices, and which is the newest known on each bar (−1: none)."""
    bars, known, kinds = jit[zigzag](high, low, average_range(high, low, close, PERIOD), threshold)
    prices = np.where(kinds > 0, high[bars], low[bars])
    return prices, jit[_newest](known, len(close))


def _newest(known: Ints, count: int) -> Ints:
    """Return the place of the newest pivot known on each bar; −1 before the first."""
    newest, place = np.empty(count, np.int64), -1
    for bar in range(count):
        while place + 1 < len(known) and known[place + 1] <= bar:
            place += 1
        newest[bar] = place
    return newest


def _fanned(prices: Floats, ways: Floats, ratios: Floats) -> Floats:
    rows = np.empty((len(ratios), len(prices)))
    for row in range(len(ratios)):
        ratio, into = ratios[row], rows[row]
        for at in range(len(into)):
            into[at] = prices[at] + ratio * ways[at]
    return rows


def _last(prices: Floats, newest: Ints, number: int) -> Floats:
    rows = np.full((number, len(newest)), np.nan)
    for at in range(len(newest)):
        if newest[at] >= number - 1:
            for row in range(number):
                rows[row, at] = prices[newest[at] - row]
    return rows
