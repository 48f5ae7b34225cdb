"""Results as tables: a row for each bar or each event of each symbol; as CSV they are made here."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from api.rendering import dump

CSV_TYPE = "text/csv; charset=utf-8; header=present"
# What a table of events has of each; points, levels and history are in the JSON forms.
EVENT_TEXTS = ("symbol", "id", "name", "kind", "side", "of")
EVENT_TIMES = ("formed_at", "confirmed_at")
EVENT_NUMBERS = ("score", "bar", "entry_reference", "remaining_to_target", "stop")
EVENTS = (*EVENT_TEXTS, *EVENT_TIMES, *EVENT_NUMBERS)

# A spreadsheet takes a text that begins so for a formula, and runs it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def write_columns(file: IO[bytes], answers: Iterable[Mapping[str, Any]], keys: Sequence[str]) -> Iterator[None]:
    """Write a row for each bar: symbol, time, and every column, empty where a value is unknown."""
    file.write(_line(map(cell, headings(keys))))
    for answer in answers:
        if "columns" in answer:
            front = cell(answer["symbol"] or "")
            times = moments(answer["time"])
            values = [numbers([answer["columns"][key] for key in keys])] if keys and times else []
            file.writelines(_line((front, *row)) for row in zip(times, *values, strict=True))
            yield


def write_events(file: IO[bytes], answers: Iterable[Mapping[str, Any]]) -> Iterator[None]:
    """Write a row for each event, and what of it fits into one."""
    file.write(_line(map(cell, EVENTS)))
    for answer in answers:
        for event in answer.get("events", ()):
            event = {"symbol": answer["symbol"], **event}
            texts = [cell(event.get(name) or "") for name in EVENT_TEXTS]
            times = moments(np.array([event[name] for name in EVENT_TIMES]))
            values = [event.get(name) for name in EVENT_NUMBERS]
            file.write(_line([*texts, *times, *(b"" if value is None else dump(value) for value in values)]))
        yield


def headings(keys: Sequence[str]) -> list[str]:
    """Return the names of a table's columns: `symbol`, `time` and the keys, each unlike the others."""
    names = ["symbol", "time"]
    for key in keys:
        # An analysis may be given any name, these two as well.
        while key in names:
            key += "_"
        names.append(key)
    return names


def cell(text: str) -> bytes:
    """Return a text as a cell: quoted where it must be, and with an apostrophe before what looks like a formula."""
    if text.startswith(_FORMULA):
        text = f"'{text}"
    if any(mark in text for mark in ',"\r\n'):
        text = '"{}"'.format(text.replace('"', '""'))
    return text.encode()


def moments(milliseconds: NDArray[np.int64]) -> list[bytes]:
    """Return times as ISO 8601 in UTC, with milliseconds only where there are any."""
    unit = "ms" if np.any(milliseconds % 1_000) else "s"
    times = milliseconds.astype("datetime64[ms]").astype(f"datetime64[{unit}]")
    texts: list[str] = np.datetime_as_string(times, timezone="UTC").tolist()
    return [text.encode() for text in texts]


def numbers(columns: Sequence[NDArray[np.float64]]) -> list[bytes]:
    """Return the values of each row, as JSON writes them and empty for null, with the commas between them."""
    return dump(np.column_stack(columns))[2:-2].replace(b"null", b"").split(b"],[")


def _line(cells: Iterable[bytes]) -> bytes:
    return b",".join(cells) + b"\r\n"
