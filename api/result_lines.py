"""A result as a line of NDJSON, in pieces: the same text as JSON has, of which no more than a piece is in memory."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, TypeVar

import numpy as np

from analysis.result import ShownEvents
from api.rendering import dump

Row = TypeVar("Row")
PIECE_BYTES = 1 << 16
PIECE_VALUES = 4_096
PIECE_EVENTS = 100


def line(answer: Mapping[str, Any]) -> Iterator[bytes]:
    """Yield a result, or a symbol that failed, as a line in pieces of about 64 kB."""
    if "columns" not in answer:
        failed = {"code": answer["code"], "detail": answer["detail"]}
        yield dump({"symbol": answer["symbol"], "failed": failed}) + b"\n"
        return
    waiting: list[bytes] = []
    size = 0
    for part in _object(answer):
        waiting.append(part)
        size += len(part)
        if size >= PIECE_BYTES:
            yield b"".join(waiting)
            waiting, size = [], 0
    yield b"".join([*waiting, b"\n"])


def in_sets(rows: Iterable[Row], count: int) -> Iterator[list[Row]]:
    """Yield the rows in lists of at most `count`."""
    left = iter(rows)
    while some := list(islice(left, count)):
        yield some


def _object(value: Mapping[str, Any]) -> Iterator[bytes]:
    mark = b"{"
    for name, one in value.items():
        yield mark + dump(name) + b":"
        yield from _value(one)
        mark = b","
    yield b"{}" if mark == b"{" else b"}"


def _value(value: Any) -> Iterator[bytes]:
    if isinstance(value, np.ndarray):
        yield from _list(value[at : at + PIECE_VALUES] for at in range(0, len(value), PIECE_VALUES))
    elif isinstance(value, ShownEvents):
        yield from _list(in_sets(value, PIECE_EVENTS))
    elif isinstance(value, Mapping) and any(isinstance(one, np.ndarray) for one in value.values()):
        yield from _object(value)
    else:
        yield dump(value)


def _list(pieces: Iterable[Any]) -> Iterator[bytes]:
    """Yield one list of all that is in the pieces, each of which has something in it."""
    mark = b"["
    for piece in pieces:
        yield mark + dump(piece)[1:-1]
        mark = b","
    yield b"[]" if mark == b"[" else b"]"
