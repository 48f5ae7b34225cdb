"""Events of a stored result: few are made at once, of many each when it is looked at."""

import json
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, overload

import numpy as np

from analysis.arrays import Ints
from analysis.errors import CodecError
from analysis.event_list import EventList
from analysis.events import Event, TradeFacts

# An event takes 0.6 kB while it is one and 0.15 kB as text; of more than these only the text is kept.
FEW = 1_000
Facts = dict[str, list[Any]]


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


def facts_of(name: str) -> str:
    """Return what the facts beside these events are called in a header."""
    return f"{name}_facts"


def stored_with_facts(events: Iterable[Event]) -> tuple[list[dict[str, Any]], Facts]:
    """Return each event as it is stored, and the facts of those that have some by their place in the list."""
    texts, facts = [], {}
    for place, event in enumerate(events):
        texts.append(event.stored())
        if event.facts is not None:
            facts[str(place)] = list(event.facts)
    return texts, facts


def read_events(text: str, at: int, facts: Facts | None = None) -> tuple[EventList, int]:
    """Return the events of the JSON list that begins here, each with its facts, and where it ends.

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
    known_facts = {int(place): _facts(*given) for place, given in (facts or {}).items()}
    if len(places) <= FEW:
        events = [Event.read(value) for value in first]
        return EventList.of([_told(event, known_facts.get(place)) for place, event in enumerate(events)]), at
    numbers = np.arange(len(places), dtype=np.int64)
    return StoredEvents(text, np.array(places, np.int64), np.array(known, np.int64), numbers, known_facts), at


def _told(event: Event, facts: TradeFacts | None) -> Event:
    return event if facts is None else event.with_facts(facts)


def _facts(
    entry: float | None, volume_ratio: float | None, trend_before: float | None, same_as: list[str], scale: str | None
) -> TradeFacts:
    numbers = (entry, volume_ratio, trend_before)
    if not all(one is None or isinstance(one, float | int) for one in numbers) or not isinstance(scale, str | None):
        raise TypeError("facts that no event has")
    return TradeFacts(*numbers, tuple(map(str, same_as)), scale)


class StoredEvents(EventList):
    """Many events, kept as the text they were stored as."""

    __slots__ = ("_facts", "_known", "_numbers", "_places", "_text")

    def __init__(self, text: str, places: Ints, known: Ints, numbers: Ints, facts: Mapping[int, TradeFacts]) -> None:
        super().__init__()
        self._text, self._places, self._known, self._numbers, self._facts = text, places, known, numbers, facts

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, place: int) -> Event: ...
    @overload
    def __getitem__(self, place: slice) -> list[Event]: ...
    def __getitem__(self, place: int | slice) -> Event | list[Event]:
        if isinstance(place, slice):
            return [self._event(*one) for one in zip(self._places[place], self._numbers[place], strict=True)]
        return self._event(self._places[place], self._numbers[place])

    def __iter__(self) -> Iterator[Event]:
        return (self._event(*one) for one in zip(self._places, self._numbers, strict=True))

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
        columns = self._places[kept], self._known[kept], self._numbers[kept]
        return StoredEvents(self._text, *columns, self._facts)

    def _all(self) -> list[Event]:
        return list(self)

    def _event(self, at: Any, number: Any) -> Event:
        try:
            return _told(Event.read(decode(self._text, int(at))[0]), self._facts.get(int(number)))
        except (KeyError, TypeError, ValueError) as error:
            raise CodecError("The packed result has an event that none is.") from error
