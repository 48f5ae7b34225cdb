"""Pivots that all detectors of one run share: each has its bar, its price and the bar that it is known at."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from analysis.arrays import Floats, Ints
from analysis.catalog.entry import DetectionContext
from analysis.kernels import average_range as kernel
from analysis.kernels.jit import jit
from analysis.kernels.zigzag import fractal_pivots, zigzag

SCALES = (1.5, 2.0, 3.0, 5.0)
PERIOD = 14
WARMUP = PERIOD + 1


class Pivots(NamedTuple):
    """Highs (kind 1) and lows (kind −1), oldest first."""

    bars: Ints
    known: Ints
    kinds: Ints
    prices: Floats


def average_range(given: DetectionContext) -> Floats:
    """Return ATR14 of these bars: what every tolerance is measured in."""
    bars = given.bars
    return kernel.average_range(bars.high, bars.low, bars.close, PERIOD)


def zigzags(given: DetectionContext, scales: Sequence[float] = SCALES) -> list[Pivots]:
    """Return the pivots of every scale, the finest first."""
    return [zigzag_of(given, scale) for scale in scales]


def zigzag_of(given: DetectionContext, scale: float) -> Pivots:
    """Return alternating highs and lows, each known when price has come `scale` ATR back from it."""

    def find() -> Pivots:
        bars = given.bars
        places, known, kinds = jit[zigzag](bars.high, bars.low, average_range(given), scale)
        return _priced(given, places, known, kinds)

    return given.once(("zigzag", scale), find)


def swings_of(given: DetectionContext, left: int, right: int) -> Pivots:
    """Return the bars that stand out among n before and after them."""

    def find() -> Pivots:
        places, known, kinds = jit[fractal_pivots](given.bars.high, given.bars.low, left, right)
        return _priced(given, places, known, kinds)

    return given.once(("swings", left, right), find)


def _priced(given: DetectionContext, places: Ints, known: Ints, kinds: Ints) -> Pivots:
    prices = np.where(kinds > 0, given.bars.high[places], given.bars.low[places])
    return Pivots(places, known, kinds, prices)
