"""Results as bytes: a magic word, a JSON header, then int64 and float64 columns, little-endian, one after another.

    4 bytes "GTR1" · 8 bytes length of the header · the header, padded with blanks to 8 bytes · columns of 8-byte values

Per result the header has its plain fields, `count` (rows), `keys` (columns in their order, the time before them) and
its events, and those forming if they were asked for, each behind the facts of those that have some. Everything is
checked against the length of the bytes before it is read. They are read from their beginning to their end, so they need
not be in memory: of a column only the bars that somebody asks for are.
"""

import json
import os
import struct
from collections.abc import Collection, Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any, Protocol

import numpy as np

from analysis.errors import CodecError
from analysis.event_list import EventList
from analysis.result import Result
from analysis.stored_events import after, decode, facts_of, read_events, stored_with_facts

MAGIC = b"GTR1"
_HEAD = struct.Struct("<4sQ")
_PLAIN: dict[str, type | tuple[type, ...]] = {
    "symbol": (str, type(None)),
    "timeframe": str,
    "bars": dict,
    "engine": str,
    "signals": dict,
    "quality": list,
    "provisional": bool,
    "timings_ms": dict,
}
_DAMAGED = (
    *(struct.error, ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError, RecursionError),
)
# What is said of events apart from them: what an older release would not read within them.
BESIDE_EVENTS = ("forecast", facts_of("events"), facts_of("forming"))
END_NS = np.iinfo(np.int64).max


def pack(results: Sequence[Result]) -> bytes:
    """Return the bytes of these results; unpack() gives them back exactly, NaN included."""
    entries: list[dict[str, Any]] = []
    columns: list[bytes] = []
    for result in results:
        if any(len(column) != len(result.time) for column in result.columns.values()):
            raise CodecError("A result's columns have the length of its time.")
        entry = {name: getattr(result, name) for name in _PLAIN}
        entry["count"] = len(result.time)
        entry["keys"] = list(result.columns)
        for name, events in (("events", result.events), ("forming", result.forming)):
            if events is not None:
                texts, facts = stored_with_facts(events)
                entry |= {facts_of(name): facts, name: texts}  # facts first: they are read with the events
        if result.forecast is not None:
            entry["forecast"] = result.forecast
        entries.append(entry)
        columns.append(np.ascontiguousarray(result.time, dtype="<i8").tobytes())
        columns += [np.ascontiguousarray(column, dtype="<f8").tobytes() for column in result.columns.values()]
    text = json.dumps(entries, separators=(",", ":"), allow_nan=False).encode()
    text += b" " * (-(len(text) + _HEAD.size) % 8)
    return b"".join([_HEAD.pack(MAGIC, len(text)), text, *columns])


def unpack(data: bytes, columns: Collection[str] | None = None) -> list[Result]:
    """Return the results that pack() wrote, only some of their columns if asked; CodecError for anything else."""
    return [entry.result(columns=columns) for entry in read(BytesIO(data), len(data))]


class Source(Protocol):
    """Bytes that are read once, from their beginning to their end."""

    def read(self, size: int, /) -> bytes:
        """Return as many of the next bytes as there are, at most `size`."""

    def seek(self, offset: int, whence: int, /) -> int:
        """Pass over some of the next bytes."""


def read(source: Source, size: int) -> "Iterator[Entry]":
    """Yield the results that pack() wrote, each before its columns are read; CodecError for anything else.

    `size` is how many bytes there are. What is not asked of an entry before the next one is taken is passed over.
    """
    entries, offset = _entries(source, size)
    for entry in entries:
        offset += entry.size
        if offset > size:
            raise CodecError("The packed result is cut short.")
    if offset != size:
        raise CodecError("The packed result has bytes left over.")
    for entry in entries:
        yield entry
        entry.leave()


class Entry:
    """A packed result: what its header says of it, and its columns, which can be read once."""

    def __init__(self, facts: Mapping[str, Any], events: Mapping[str, EventList], events_size: int, source: Source):
        keys = facts["keys"]
        sound = all(isinstance(facts[name], kind) for name, kind in _PLAIN.items())
        forecast = facts.get("forecast", {})
        sound = sound and isinstance(forecast, dict) and isinstance(forecast.get("events", {}), dict)
        sound = sound and isinstance(keys, list) and all(isinstance(key, str) for key in keys)
        count = facts["count"]
        if not sound or len(set(keys)) != len(keys) or type(count) is not int or count < 0:
            raise CodecError("The packed result has a header that none has.")
        self.symbol: str | None = facts["symbol"]
        self.count: int = count
        self.keys: list[str] = keys
        self.size = 8 * count * (1 + len(keys))
        # Bytes of the text of its events.
        self.events_size = events_size
        self._facts, self._source, self._left = facts, source, self.size
        self._events, self._forming = events["events"], events.get("forming")
        # Those that are forming as well, as their text is.
        self.event_count = len(self._events) + len(self._forming or ())

    def result(self, start: int = 0, stop: int | None = None, columns: Collection[str] | None = None) -> Result:
        """Return the bars from `start` to before `stop` of the time and of some columns, all by default.

        Of the events those that were confirmed on these bars: from the first bar on unless it is the first of all, and
        before the next bar if there is one.
        """
        stop = self.count if stop is None else stop
        # With the bar behind the last one, whose time ends what is looked at.
        time = np.frombuffer(self._taken(start, min(stop + 1, self.count)), dtype="<i8")
        values = {}
        for key in self.keys:
            if columns is None or key in columns:
                values[key] = np.frombuffer(self._taken(start, stop), dtype="<f8")
            else:
                self._pass(8 * self.count)
        first_ns = None if not start else int(time[0]) if len(time) else END_NS
        end_ns = None if stop >= self.count else int(time[-1])
        return Result(
            time=time[: stop - start],
            columns=values,
            events=self._events.confirmed(first_ns, end_ns),
            forming=None if self._forming is None else list(self._forming),
            forecast=self._facts.get("forecast"),
            **{name: self._facts[name] for name in _PLAIN},
        )

    def leave(self) -> None:
        """Pass over what has not been read."""
        self._pass(self._left)

    def _taken(self, start: int, stop: int) -> bytes:
        """Return these values of the next column, and pass over the others."""
        self._pass(8 * start)
        found = self._source.read(8 * (stop - start))
        if len(found) != 8 * (stop - start):
            raise CodecError("The packed result is cut short.")
        self._left -= len(found)
        self._pass(8 * (self.count - stop))
        return found

    def _pass(self, size: int) -> None:
        if size:
            self._source.seek(size, os.SEEK_CUR)
            self._left -= size


def _entries(source: Source, size: int) -> tuple[list[Entry], int]:
    """Return every entry of the header, checked, and where the header ends."""
    try:
        magic, length = _HEAD.unpack(source.read(_HEAD.size))
        if magic != MAGIC or _HEAD.size + length > size:
            raise CodecError("These bytes are not a packed result.")
        text = source.read(length).decode()
        found: list[Entry] = []
        mark, at = after(text, after(text, 0, "[")[1], "]{")
        while mark == "{":
            entry, at = _entry(text, at, source)
            found.append(entry)
            mark, at = after(text, at, ",]")
            if mark == ",":
                mark, at = after(text, at, "{")
        if text[at:].strip(" "):
            raise ValueError("more than a list")
    except _DAMAGED as error:
        raise CodecError(f"The packed result is damaged: {type(error).__name__}.") from error
    return found, _HEAD.size + length


def _entry(text: str, at: int, source: Source) -> tuple[Entry, int]:
    """Return the entry whose names begin here, and where it ends; its events are never all made at once."""
    facts: dict[str, Any] = {}
    events: dict[str, EventList] = {}
    events_size = 0
    mark = ","
    while mark == ",":
        name, at = decode(text, at)
        _, at = after(text, at, ":")
        if name in ("events", "forming"):
            events[name], end = read_events(text, at, facts.pop(facts_of(name), None))
            events_size += end - at
            at = end
        else:
            facts[name], end = decode(text, at)
            events_size += end - at if name in BESIDE_EVENTS else 0
            at = end
        mark, at = after(text, at, ",}")
    return Entry(facts, events, events_size, source), at
