"""Events of a run, made when someone looks: thousands of candlesticks are columns until then."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from operator import attrgetter
from typing import NamedTuple, Self, overload

import numpy as np

from analysis.arrays import Floats, Ints
from analysis.events import Event, Side, TradeFacts


class Mark(NamedTuple):
    """What the events of one name have in common; `facts` where a parameter of their detector is not the default."""

    name: str
    kind: str
    is_neutral: bool
    facts: TradeFacts | None = None


class CandlestickEvents(Sequence[Event]):
    """Events of one name that are formed and confirmed by their one bar: a column that is not zero where there is one.

    A mark is the event's strength with the sign of its side. Looked for from the bar `start` to before `stop`.
    """

    __slots__ = ("_column", "_start", "_stop", "_time", "what")

    def __init__(self, what: Mark, column: Floats, time: Ints, start: int, stop: int) -> None:
        self.what, self._column, self._time, self._start, self._stop = what, column, time, start, stop

    @property
    def name(self) -> str:
        """Return the events' name."""
        return self.what.name

    def __len__(self) -> int:
        return int(np.count_nonzero(self._column[self._start : self._stop]))

    @overload
    def __getitem__(self, place: int) -> Event: ...
    @overload
    def __getitem__(self, place: slice) -> list[Event]: ...
    def __getitem__(self, place: int | slice) -> Event | list[Event]:
        return self.made()[place]

    def __iter__(self) -> Iterator[Event]:
        return iter(self.made())

    def bars(self, side: str, least: float) -> Ints:
        """Return the bars of the events of a side ("": of any) that are no weaker than `least`."""
        column = self._column[self._start : self._stop]
        wanted = (column != 0.0) & (np.abs(column) >= least)
        if side and (side == "neutral") != self.what.is_neutral:
            wanted[:] = False
        elif side and not self.what.is_neutral:
            wanted &= (column > 0.0) == (side == "bullish")
        return np.flatnonzero(wanted) + self._start

    def made(self) -> list[Event]:
        """Return the events."""
        places = self._column[self._start : self._stop].nonzero()[0] + self._start
        strengths = self._column[places].tolist()
        sides: list[Side] = [
            "neutral" if self.what.is_neutral else "bullish" if one > 0 else "bearish" for one in strengths
        ]
        rows = zip(sides, map(abs, strengths), places.tolist(), self._time[places].tolist(), strict=True)
        return Event.marks(self.name, self.what.kind, rows, self.what.facts)

    def within(self, start: int, stop: int) -> "CandlestickEvents":
        """Return those of the bars from `start` to before `stop`."""
        if start <= self._start and stop >= self._stop:
            return self
        first, last = max(start, self._start), min(stop, self._stop)
        return CandlestickEvents(self.what, self._column, self._time, first, max(first, last))


class LateEvents(Sequence[Event]):
    """Events of one name whose confirming bars are known, in order; `make` gives those of the places from one on.

    Looked for from the bar `start` to before `stop`; what became of one from that bar on is not told.
    """

    __slots__ = ("_bars", "_made", "_make", "_start", "_stop", "name")

    def __init__(self, name: str, bars: Ints, make: Callable[[int, int], list[Event]], start: int, stop: int) -> None:
        self.name, self._bars, self._make, self._start, self._stop = name, bars, make, start, stop
        self._made: list[Event] | None = None

    def __len__(self) -> int:
        first, last = self._places()
        return last - first

    @overload
    def __getitem__(self, place: int) -> Event: ...
    @overload
    def __getitem__(self, place: slice) -> list[Event]: ...
    def __getitem__(self, place: int | slice) -> Event | list[Event]:
        return self.made()[place]

    def __iter__(self) -> Iterator[Event]:
        return iter(self.made())

    def made(self) -> list[Event]:
        """Return the events."""
        if self._made is None:
            self._made = [event.until(self._stop) for event in self._make(*self._places())]
        return self._made

    def within(self, start: int, stop: int) -> "LateEvents":
        """Return those of the bars from `start` to before `stop`, as they were known then."""
        if start <= self._start and stop >= self._stop:
            return self
        first, last = max(start, self._start), min(stop, self._stop)
        return LateEvents(self.name, self._bars, self._make, first, max(first, last))

    def before(self, bar: int) -> list[Event]:
        """Return those of the bars before this one, as they are known when all bars looked for are over."""
        first, last = self._places()
        last = min(last, int(np.searchsorted(self._bars, bar)))
        return [event.until(self._stop) for event in self._make(first, last)] if first < last else []

    def _places(self) -> tuple[int, int]:
        first, last = np.searchsorted(self._bars, (self._start, self._stop))
        return int(first), int(last)


class LateShapes(Sequence[Event]):
    """The shapes of a run with what is told of them all together: nothing of it is worked out until someone looks."""

    __slots__ = ("_make",)

    def __init__(self, make: Callable[[], list[Event]]) -> None:
        self._make = make

    def __len__(self) -> int:
        return len(self.made())

    @overload
    def __getitem__(self, place: int) -> Event: ...
    @overload
    def __getitem__(self, place: slice) -> list[Event]: ...
    def __getitem__(self, place: int | slice) -> Event | list[Event]:
        return self.made()[place]

    def __iter__(self) -> Iterator[Event]:
        return iter(self.made())

    def made(self) -> list[Event]:
        """Return the events; what they were made of is let go."""
        made = self._make()
        self._make = lambda: made
        return made


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
