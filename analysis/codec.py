"""Results as bytes: a magic word, a JSON header, then float64 and int64 columns, little-endian, one after another."""

import json
import struct
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from analysis.errors import CodecError
from analysis.events import Event
from analysis.result import Result

MAGIC = b"GTR1"
_HEAD = struct.Struct("<4sQ")
_PLAIN = ("symbol", "timeframe", "bars", "engine", "signals", "quality", "provisional", "timings_ms")


def pack(results: Sequence[Result]) -> bytes:
    """Return the bytes of these results; unpack() gives them back exactly, NaN included."""
    entries: list[dict[str, Any]] = []
    columns: list[bytes] = []
    for result in results:
        entry = {name: getattr(result, name) for name in _PLAIN}
        entry |= {
            "count": len(result.time),
            "keys": list(result.columns),
            "events": [asdict(event) for event in result.events],
        }
        entries.append(entry)
        columns.append(np.ascontiguousarray(result.time, dtype="<i8").tobytes())
        columns += [np.ascontiguousarray(column, dtype="<f8").tobytes() for column in result.columns.values()]
    text = json.dumps(entries, separators=(",", ":"), allow_nan=False).encode()
    text += b" " * (-(len(text) + _HEAD.size) % 8)
    return b"".join([_HEAD.pack(MAGIC, len(text)), text, *columns])


def unpack(data: bytes) -> list[Result]:
    """Return the results that pack() wrote, their columns as views of the bytes; CodecError for anything else."""
    try:
        magic, length = _HEAD.unpack_from(data)
        if magic != MAGIC or _HEAD.size + length > len(data):
            raise CodecError("These bytes are not a packed result.")
        entries = json.loads(data[_HEAD.size : _HEAD.size + length])
        offset = _HEAD.size + length
        results = []
        for entry in entries:
            result, offset = _result(entry, data, offset)
            results.append(result)
    except (struct.error, ValueError, KeyError, TypeError, AttributeError) as error:
        raise CodecError(f"The packed result is damaged: {type(error).__name__}.") from error
    if offset != len(data):
        raise CodecError("The packed result has bytes left over.")
    return results


def _result(entry: dict[str, Any], data: bytes, offset: int) -> tuple[Result, int]:
    count = entry["count"]
    if not isinstance(count, int) or count < 0:
        raise CodecError("The packed result names an impossible length.")
    time = np.frombuffer(data, dtype="<i8", count=count, offset=offset)
    offset += 8 * count
    columns = {}
    for key in entry["keys"]:
        columns[key] = np.frombuffer(data, dtype="<f8", count=count, offset=offset)
        offset += 8 * count
    events = [Event(**event) for event in entry["events"]]
    plain = {name: entry[name] for name in _PLAIN}
    return Result(time=time, columns=columns, events=events, **plain), offset
