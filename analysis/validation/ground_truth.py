"""Series with known shapes in random walks, and how many of them a detector finds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import sqrt
from typing import NamedTuple

import numpy as np

from analysis.arrays import Floats, Ints
from analysis.bars import Bars
from analysis.engine import run
from analysis.events import Event
from analysis.plan import Plan
from analysis.validation.sized_plans import at_scale
from analysis.validation.synthetic.paths import Outline, bars_of, drawn, walk

EVERY = 300  # bars: one shape in n
FOUND = 0.6  # intersection over union of the bars of a shape and of an event, from the first point to the last
LATER_NS = 4_102_444_800_000_000_000  # 2100: every bar is over
Sample = Callable[[np.random.Generator, float], Outline]
Walk = Callable[[np.random.Generator, int, float], Floats]  # open, high, low and close of n bars from a price


class Injected(NamedTuple):
    """A shape in a series: its name, the bar of its last point, and all bars that it turns on."""

    name: str
    last: int
    turns: tuple[int, ...]


@dataclass(slots=True)
class Score:
    """Shapes, those found, and events: those that are shapes, and false ones."""

    shapes: int = 0
    found: int = 0
    true: int = 0
    false: int = 0
    missed: list[Injected] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """Return the share of the shapes that were found."""
        return self.found / self.shapes if self.shapes else 0.0

    @property
    def precision(self) -> float:
        """Return the share of the events that were shapes."""
        return self.true / (self.true + self.false) if self.true + self.false else 0.0


def series(
    rng: np.random.Generator, samples: Sequence[Sample], noise: float, count: int, between: Walk = walk
) -> tuple[Bars, list[Injected]]:
    """Return a walk with `count` shapes, `samples` by turns, one in every 300 bars or in its own length and 80 more."""
    parts = [between(rng, 60, 0.0)]
    place, injected = 60, []
    for number in range(count):
        shape = samples[number % len(samples)](rng, noise)
        bars, turns = drawn(rng, shape, float(parts[-1][-1, 3]))
        turned = tuple(place + turn for turn in turns)
        injected.append(Injected(shape.name, turned[shape.last - 1], turned))
        rest = between(rng, max(80, EVERY - len(bars)), float(bars[-1, 3]))
        parts += [bars, rest]
        place += len(bars) + len(rest)
    return bars_of(parts), injected


def compared(events: Sequence[Event], injected: Sequence[Injected], name: str) -> Score:
    """Return how the events of this name agree with the shapes of this name.

    A shape is found by an event over the same bars, however many of its turns are points of it. An event that shares
    three points or more with a shape of another name is part of it, and not counted.
    """
    mine = [event for event in events if event.name == name]
    shapes = [shape for shape in injected if shape.name == name]
    spans = np.array([(event.points[0].bar, event.points[-1].bar) for event in mine], np.int64).reshape(-1, 2)
    score = Score(shapes=len(shapes))
    hits = np.zeros(len(mine), np.bool_)
    for shape in shapes:
        near = shared(spans, shape.turns[0], shape.last) >= FOUND
        score.found += bool(near.any())
        score.missed += [] if near.any() else [shape]
        hits |= near
    others = [set(shape.turns) for shape in injected if shape.name != name]
    for event, is_hit in zip(mine, hits.tolist(), strict=True):
        bars = {point.bar for point in event.points}
        score.true += is_hit
        score.false += not is_hit and not any(len(bars & turns) >= 3 for turns in others)
    return score


def shared(spans: Ints, start: int, end: int) -> Floats:
    """Return intersection over union of spans and the bars from `start` to `end`, all ends included."""
    both = np.minimum(spans[:, 1], end) - np.maximum(spans[:, 0], start) + 1
    either = (spans[:, 1] - spans[:, 0] + 1) + (end - start + 1) - both
    return np.asarray(np.maximum(both, 0) / either, np.float64)


def measured(
    name: str, samples: Sequence[Sample], noise: float, count: int, seed: int, group: str, between: Walk = walk
) -> Score:
    """Return how a detector did on a series of `count` shapes of its own; `group` is run as a whole, at scale swing.

    That is the size which the shapes are drawn in. Smaller ones find more in the walk between, of which nobody says
    that it is none.
    """
    bars, injected = series(np.random.default_rng(seed), samples, noise, count, between)
    return compared(run(Plan.parse(at_scale(group, "swing")), bars, now_ns=LATER_NS).events, injected, name)


def wilson(hits: int, of: int, z: float = 1.96) -> tuple[float, float]:
    """Return the 95 % interval of a share."""
    if of == 0:
        return 0.0, 1.0
    share = hits / of
    middle = share + z * z / (2 * of)
    reach = z * sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return max(0.0, (middle - reach) / (1 + z * z / of)), min(1.0, (middle + reach) / (1 + z * z / of))
