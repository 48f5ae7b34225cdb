"""Events of a stored result: few are made at once, of many each when it is looked at."""

import json
from array import array
from collections import Counter
from collections.abc import Iterator
from typing import Any, overload

import numpy as np

from analysis.arrays import Ints
from analysis.errors import CodecError
from analysis.event_list import EventList
from analysis.events import Event

# An event takes 0.6 kB while it is one and 0.15 kB as text; of more than these only the text is kept.
FEW = 1_000


def _refuse_constant(name: str) -> float:
    raise ValueError(name)


decode = json.JSONDecoder(parse_constant=_refuse_constant).raw_decode


def after(text: str, at: int, marks: str) -> tuple[str, int]:
    """Return which of these marks stands here, blanks left out, and where it ends; ValueError for anything else."""
    while text[at] == " ":
        at += 1
    if text[at] not in marks:
        raise ValueError(f"{text[at]!r} at {at}")
    return text[at], at + 1


def read_events(text: str, at: int) -> tuple[EventList, int]:
    """Return the events of the JSON list that begins here, and where it ends.

    Raises what damaged text does, ValueError, KeyError and TypeError among it.
    """
    places, known = array("q"), array("q")
    first: list[dict[str, Any]] = []
    _, at = after(text, at, "[")
    mark = ","
    if text[at] == "]":
        mark, at = "]", at + 1
    while mark == ",":
        value, end = decode(text, at)
        places.append(at)
        known.append(value["confirmed_at"])
        if len(first) < FEW:
            first.append(value)
        mark, at = after(text, end, ",]")
    if len(places) <= FEW:
        return EventList.of([Event.read(value) for value in first]), at
    return StoredEvents(text, np.array(places, dtype=np.int64), np.array(known, dtype=np.int64)), at


class StoredEvents(EventList):
    """Many events, kept as the text they were stored as."""

    __slots__ = ("_known", "_places", "_text")

    def __init__(self, text: str, places: Ints, known: Ints) -> None:
        super().__init__()
        self._text, self._places, self._known = text, places, known

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, place: int) -> Event: ...
    @overload
    def __getitem__(self, place: slice) -> list[Event]: ...
    def __getitem__(self, place: int | slice) -> Event | list[Event]:
        if isinstance(place, slice):
            return [self._event(at) for at in self._places[place].tolist()]
        return self._event(int(self._places[place]))

    def __iter__(self) -> Iterator[Event]:
        return (self._event(int(at)) for at in self._places)

    def names(self) -> Counter[str]:
        """Return how many events there are of each name."""
        return Counter(event.name for event in self)

    def confirmed(self, first_ns: int | None, end_ns: int | None) -> EventList:
        """Return those confirmed from one moment on and before another."""
        if first_ns is None and end_ns is None:
            return self
        kept = np.full(len(self), True)
        if first_ns is not None:
            kept &= self._known >= first_ns
        if end_ns is not None:
            kept &= self._known < end_ns
        return StoredEvents(self._text, self._places[kept], self._known[kept])

    def _all(self) -> list[Event]:
        return list(self)

    def _event(self, at: int) -> Event:
        try:
            return Event.read(decode(self._text, at)[0])
        except (KeyError, TypeError, ValueError) as error:
            raise CodecError("The packed result has an event that none is.") from error
