"""Shapes that a detector found, as events when someone looks: until then they are rows of numbers."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from analysis.arrays import Floats, Ints
from analysis.catalog.entry import DetectionContext
from analysis.events import Event
from analysis.late_events import MadeLate
from analysis.patterns.candidates import Candidate, finished
from analysis.patterns.overlap import Spans
from analysis.patterns.pivots import Pivots


class Shapes(MadeLate):
    """The shapes of one name by their places, with the bar that confirms each; `candidate` makes one of them."""

    __slots__ = ("_bars", "_candidate", "_given", "_kind", "_made", "_places")

    def __init__(self, given: DetectionContext, kind: str, candidate: Callable[[int], Candidate]) -> None:
        self._given, self._kind, self._candidate = given, kind, candidate
        self._places: list[int] = []
        self._bars: list[int] = []
        self._made: list[Event] | None = None

    def __len__(self) -> int:
        return len(self._places)

    def add(self, place: int, bar: int) -> None:
        """Add the shape at a place, which this bar confirms."""
        self._places.append(place)
        self._bars.append(bar)

    def made(self) -> list[Event]:
        """Return the events, the same ones each time."""
        if self._made is None:
            self._made = finished(self._given, self._kind, list(map(self._candidate, self._places)))
        return self._made

    def at(self, bar: int) -> list[Event]:
        """Return the events that this bar confirms; nothing else is made."""
        places = [place for place, confirming in zip(self._places, self._bars, strict=True) if confirming == bar]
        return finished(self._given, self._kind, list(map(self._candidate, places)))


class Rows(NamedTuple):
    """What a loop found among the pivots of several scales, all in one table; `scale` is that of each row."""

    scales: Sequence[Pivots]
    scale: Ints
    numbers: Ints
    prices: Floats

    def bars_at(self, places: Ints) -> Ints:
        """Return for each row the bar of the pivot at its place."""
        begins = np.cumsum([0, *(len(pivots.bars) for pivots in self.scales)])
        return np.concatenate([pivots.bars for pivots in self.scales])[begins[self.scale] + places]

    def row(self, place: int) -> tuple[Pivots, list[int], list[float]]:
        """Return the pivots and the figures of a row."""
        return self.scales[self.scale[place]], self.numbers[place].tolist(), self.prices[place].tolist()


def over_scales(scales: Sequence[Pivots], find: Callable[[Pivots], tuple[Ints, Floats]]) -> Rows:
    """Return what is found among the pivots of each scale, in their order."""
    found = [find(pivots) for pivots in scales]
    numbers, prices = (np.concatenate(part) for part in zip(*found, strict=True))
    scale = np.repeat(np.arange(len(scales)), [len(part) for part, _ in found])
    return Rows(scales, scale, numbers, prices)


def shapes_at(
    given: DetectionContext,
    kind: str,
    names: Sequence[str],
    spans: Spans,
    kept: Ints,
    candidate: Callable[[int], Candidate],
) -> dict[str, Shapes]:
    """Return by name those of the spans that are kept; `names` are all there are, in the alphabet's order."""
    rows = zip(kept.tolist(), spans.names[kept].tolist(), spans.bars[kept].tolist(), strict=True)
    found: dict[str, Shapes] = {}
    for place, name, bar in rows:
        if names[name] not in found:
            found[names[name]] = Shapes(given, kind, candidate)
        found[names[name]].add(place, bar)
    return found


def shapes_of(given: DetectionContext, kind: str, candidates: Sequence[Candidate]) -> dict[str, Shapes]:
    """Return the candidates as shapes by name, in their order."""
    found: dict[str, Shapes] = {}
    for place, one in enumerate(candidates):
        if one.name not in found:
            found[one.name] = Shapes(given, kind, candidates.__getitem__)
        found[one.name].add(place, one.bar)
    return found
