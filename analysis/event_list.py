"""All events of a run, in their order, most of which are made when someone looks."""

from collections import Counter
from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import Self, overload

from analysis.events import Event
from analysis.late_events import CandlestickEvents, LateEvents


class EventList(Sequence[Event]):
    """All events of a run in the order of their confirmation, those of one bar by name; equal to a list of them."""

    __slots__ = ("_made", "_parts")
    __hash__ = None  # type: ignore[assignment]  # as a list

    def __init__(self, parts: Sequence[Sequence[Event]] = ()) -> None:
        self._parts = parts
        self._made: list[Event] | None = None

    @classmethod
    def of(cls, events: list[Event]) -> Self:
        """Return these events, which are in their order."""
        whole = cls([events])
        whole._made = events
        return whole

    def __len__(self) -> int:
        return sum(map(len, self._parts))

    @overload
    def __getitem__(self, place: int) -> Event: ...
    @overload
    def __getitem__(self, place: slice) -> list[Event]: ...
    def __getitem__(self, place: int | slice) -> Event | list[Event]:
        return self._all()[place]

    def __iter__(self) -> Iterator[Event]:
        return iter(self._all())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, list | EventList) and self._all() == list(other)

    def __repr__(self) -> str:
        return repr(self._all())

    def names(self) -> Counter[str]:
        """Return how many events there are of each name."""
        counts: Counter[str] = Counter()
        for part in self._parts:
            if isinstance(part, CandlestickEvents | LateEvents):
                counts[part.name] += len(part)
            else:
                counts.update(event.name for event in part)
        return +counts

    def bars_and_shapes(self) -> tuple[dict[str, list[int]], dict[str, list[Event]]]:
        """Return by name the confirming bars of all events, and those events that are more than marks of one bar."""
        bars: dict[str, list[int]] = {}
        shapes: dict[str, list[Event]] = {}
        for part in self._parts:
            if isinstance(part, CandlestickEvents):
                bars.setdefault(part.name, []).extend(part.bars("", 0.0).tolist())
                continue
            for event in part:
                bars.setdefault(event.name, []).append(event.bar)
                shapes.setdefault(event.name, []).append(event)
        return bars, shapes

    def marks_and_shapes(self) -> tuple[int, int]:
        """Return how many events are marks of one bar, and how many others there are."""
        marks = sum(len(part) for part in self._parts if isinstance(part, CandlestickEvents))
        return marks, len(self) - marks

    def confirmed(self, first_ns: int | None, end_ns: int | None) -> "EventList":
        """Return those confirmed from one moment on and before another; None: without a bound."""
        if first_ns is None and end_ns is None:
            return self
        kept = [
            event
            for event in self
            if (first_ns is None or event.confirmed_at >= first_ns) and (end_ns is None or event.confirmed_at < end_ns)
        ]
        return EventList.of(kept)

    def _all(self) -> list[Event]:
        if self._made is None:
            made = [event for part in self._parts for event in part]
            made.sort(key=attrgetter("name"))  # twice by one thing is quicker than once by two
            made.sort(key=attrgetter("confirmed_at"))
            self._made = made
        return self._made
