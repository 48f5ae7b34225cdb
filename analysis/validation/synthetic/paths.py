"""Bars drawn through given turning points, and random walks around them: what detectors are measured on.

One unit of price is the average range of a bar.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.arrays import Floats
from analysis.bars import Bars

DAY_NS = 86_400_000_000_000
SLOPE = 0.7  # of a leg, ranges a bar
STEPS = 60  # within a bar of a walk
PER_BAR = 0.62  # deviation of a walk's close: its true range is then one on average
LEVEL = 5_000.0


@dataclass(frozen=True, slots=True)
class Outline:
    """A shape: its name, its turning points, the least bars of each leg between them, and the place of its last point.

    The first leg leads into the shape and the last one out of it.
    """

    name: str
    prices: tuple[float, ...]
    least: tuple[int, ...]
    last: int


def walk(rng: np.random.Generator, count: int, start: float) -> Floats:
    """Return open, high, low and close of a Gaussian walk, `STEPS` steps a bar."""
    steps = rng.normal(0.0, PER_BAR / STEPS**0.5, (count, STEPS))
    path = start + np.cumsum(steps).reshape(count, STEPS)
    opens = np.concatenate(([start], path[:-1, -1]))
    high, low = np.maximum(path.max(axis=1), opens), np.minimum(path.min(axis=1), opens)
    return np.column_stack((opens, high, low, path[:, -1]))


def drawn(rng: np.random.Generator, outline: Outline, start: float) -> tuple[Floats, list[int]]:
    """Return bars that go from `start` through the outline, and on which of them it turns; the first point is `start`.

    Every turning point is exactly the high or low of its bar; between two of them no bar leaves their range.
    """
    prices = start + np.array(outline.prices) - outline.prices[0]
    parts: list[Floats] = []
    turns: list[int] = []
    close, place = start, -1
    for one, other, least in zip(prices[:-1], prices[1:], outline.least, strict=True):
        leg = _leg(rng, float(one), float(other), least, close)
        parts.append(leg)
        place += len(leg)
        turns.append(place)
        close = float(leg[-1, 3])
    return np.concatenate(parts), turns


def _leg(rng: np.random.Generator, start: float, end: float, least: int, before: float) -> Floats:
    """Return bars after the one at `start` up to the one that turns at `end`; `before` is the close they follow."""
    height = abs(end - start)
    count = max(least, round(height / SLOPE), 2)
    slope = height / count
    way = np.arange(1, count + 1) / count
    lowest, highest = min(start, end), max(start, end)
    inset = min(0.3, 0.2 * height)
    close = np.clip(start + (end - start) * way + rng.normal(0, 0.15, count), lowest + inset, highest - inset)
    opens = np.concatenate(([min(max(before, lowest), highest)], close[:-1]))
    wick = max(0.15, (1.0 - slope) / 2) * rng.uniform(0.6, 1.4, (2, count))
    # Only the turning bars touch the ends.
    high = np.minimum(np.maximum(opens, close) + wick[0], highest - 0.02 * inset)
    low = np.maximum(np.minimum(opens, close) - wick[1], lowest + 0.02 * inset)
    high, low = np.maximum(high, np.maximum(opens, close)), np.minimum(low, np.minimum(opens, close))
    if end > start:
        high[-1] = end
    else:
        low[-1] = end
    return np.column_stack((opens, high, low, close))


def bars_of(parts: Sequence[Floats]) -> Bars:
    """Return drawn pieces as daily bars, at a level where prices stay above zero."""
    table = np.concatenate(parts)
    lift = LEVEL - min(0.0, float(table[:, 2].min()))
    time = np.arange(len(table), dtype=np.int64) * DAY_NS
    opens, high, low, close = (np.ascontiguousarray(table[:, place]) + lift for place in range(4))
    return Bars(time=time, open=opens, high=high, low=low, close=close, timeframe="1d")
