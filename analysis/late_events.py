"""Events that are made when someone looks: thousands of candlesticks are columns until then, shapes rows of numbers."""

from abc import abstractmethod
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, overload

import numpy as np

from analysis.arrays import Floats, Ints
from analysis.events import Event, Side, TradeFacts


class MadeLate(Sequence[Event]):
    """Events that nobody has made before someone looks at one; how many there are may be told without."""

    __slots__ = ()

    @abstractmethod
    def made(self) -> list[Event]:
        """Return the events."""

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


class Mark(NamedTuple):
    """What the events of one name have in common; `facts` where a parameter of their detector is not the default."""

    name: str
    kind: str
    is_neutral: bool
    facts: TradeFacts | None = None


class CandlestickEvents(MadeLate):
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


class LateEvents(MadeLate):
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


class LateShapes(MadeLate):
    """The shapes of a run with what is told of them all together: nothing of it is worked out until someone looks."""

    __slots__ = ("_make",)

    def __init__(self, make: Callable[[], list[Event]]) -> None:
        self._make = make

    def made(self) -> list[Event]:
        """Return the events; what they were made of is let go."""
        made = self._make()
        self._make = lambda: made
        return made
