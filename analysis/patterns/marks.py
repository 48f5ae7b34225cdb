"""The points that a candidate is made of, and how long its event lives after them."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from analysis.events import Point
from analysis.patterns.pivots import Pivots

LIFE = (20, 200)  # bars until an event expires: as many as its shape took, within these


class Mark(NamedTuple):
    """A point of a candidate: label, bar, price, and the bar that it is known at."""

    label: str
    bar: int
    price: float
    known: int


def marks_at(pivots: Pivots, places: Iterable[int], labels: Iterable[str]) -> list[Mark]:
    """Return the pivots at these places under these labels, as many as there are of both."""
    bars, prices, known = pivots.bars.item, pivots.prices.item, pivots.known.item
    return [Mark(label, bars(place), prices(place), known(place)) for label, place in zip(labels, places, strict=False)]


def numbered_marks(pivots: Pivots, first: int, last: int) -> list[Mark]:
    """Return the pivots from the first place to the last, highs and lows numbered each for themselves."""
    seen = {1: 0, -1: 0}
    labels = []
    for kind in pivots.kinds[first : last + 1].tolist():
        seen[kind] += 1
        labels.append(f"{'high' if kind > 0 else 'low'} {seen[kind]}")
    return marks_at(pivots, range(first, last + 1), labels)


def points_of(marks: Sequence[Mark], time: Sequence[int]) -> tuple[Point, ...]:
    """Return the marks with their times."""
    return tuple([Point(label, bar, time[bar], price, time[known]) for label, bar, price, known in marks])


def life_of(marks: Sequence[Mark]) -> int:
    """Return for how many bars an event is followed: as many as lie between its first and its last mark."""
    return min(max(marks[-1].bar - marks[0].bar, LIFE[0]), LIFE[1])
