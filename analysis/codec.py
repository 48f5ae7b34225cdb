"""Results as bytes: a magic word, a JSON header, then int64 and float64 columns, little-endian, one after another.

    4 bytes "GTR1" · 8 bytes length of the header · the header, padded with blanks to 8 bytes · columns of 8-byte values

Per result the header has its plain fields, `count` (rows), `keys` (columns in their order, the time before them) and
its events, and those forming if they were asked for. Everything is checked against the length of the bytes before it
is read.
"""

import json
import struct
from collections.abc import Collection, Iterator, Sequence
from typing import Any

import numpy as np

from analysis.errors import CodecError
from analysis.event_list import EventList
from analysis.events import Event
from analysis.result import Result

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
_DAMAGED = (struct.error, ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError)


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
        entry["events"] = [event.stored() for event in result.events]
        if result.forming is not None:
            entry["forming"] = [event.stored() for event in result.forming]
        entries.append(entry)
        columns.append(np.ascontiguousarray(result.time, dtype="<i8").tobytes())
        columns += [np.ascontiguousarray(column, dtype="<f8").tobytes() for column in result.columns.values()]
    text = json.dumps(entries, separators=(",", ":"), allow_nan=False).encode()
    text += b" " * (-(len(text) + _HEAD.size) % 8)
    return b"".join([_HEAD.pack(MAGIC, len(text)), text, *columns])


def unpack(data: bytes, columns: Collection[str] | None = None) -> list[Result]:
    """Return the results that pack() wrote, only some of their columns if asked; CodecError for anything else.

    Columns are read-only views of the bytes: those not asked for cost nothing.
    """
    return [_result(entry, data, offset, columns) for entry, offset in _entries(data)]


def _entries(data: bytes) -> Iterator[tuple[dict[str, Any], int]]:
    """Yield every header entry, checked, and where its columns begin."""
    found: list[tuple[dict[str, Any], int]] = []
    try:
        magic, length = _HEAD.unpack_from(data)
        if magic != MAGIC or _HEAD.size + length > len(data):
            raise CodecError("These bytes are not a packed result.")
        entries = json.loads(data[_HEAD.size : _HEAD.size + length], parse_constant=_refuse_constant)
        offset = _HEAD.size + length
        if not isinstance(entries, list):
            raise CodecError("The packed result has a header that none has.")
        for entry in entries:
            size = 8 * _count(entry) * (1 + len(entry["keys"]))
            if size > len(data) - offset:
                raise CodecError("The packed result is cut short.")
            found.append((entry, offset))
            offset += size
    except _DAMAGED as error:
        raise CodecError(f"The packed result is damaged: {type(error).__name__}.") from error
    if offset != len(data):
        raise CodecError("The packed result has bytes left over.")
    yield from found


def _count(entry: dict[str, Any]) -> int:
    """Return the rows of an entry; raise CodecError unless its fields are of their types."""
    count, keys = entry["count"], entry["keys"]
    sound = all(isinstance(entry[name], kind) for name, kind in _PLAIN.items())
    sound = sound and isinstance(keys, list) and all(isinstance(key, str) for key in keys)
    if not sound or len(set(keys)) != len(keys) or type(count) is not int or count < 0:
        raise CodecError("The packed result has a header that none has.")
    return count


def _result(entry: dict[str, Any], data: bytes, offset: int, wanted: Collection[str] | None) -> Result:
    count = entry["count"]
    time = np.frombuffer(data, dtype="<i8", count=count, offset=offset)
    columns = {
        key: np.frombuffer(data, dtype="<f8", count=count, offset=offset + 8 * count * place)
        for place, key in enumerate(entry["keys"], start=1)
        if wanted is None or key in wanted
    }
    try:
        events = [Event.read(event) for event in entry["events"]]
        forming = [Event.read(event) for event in entry["forming"]] if "forming" in entry else None
    except (KeyError, TypeError, ValueError) as error:
        raise CodecError("The packed result has an event that none is.") from error
    return Result(
        time=time,
        columns=columns,
        events=EventList.of(events),
        forming=forming,
        **{name: entry[name] for name in _PLAIN},
    )


def _refuse_constant(name: str) -> float:
    raise ValueError(name)
