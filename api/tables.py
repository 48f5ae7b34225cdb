"""Results as CSV: a row for each bar of each symbol, or for each event or part of one."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import IO, Any, Literal

import numpy as np

from analysis.arrays import Floats, Ints
from api.event_tables import EventTable, Kind
from api.rendering import dump
from api.result_lines import in_sets
from jobs import csv_cells

CSV_TYPE = "text/csv; charset=utf-8; header=present"
Unit = Literal["ms", "s"]
# What is made text at once, in values of columns and in rows of events.
BLOCK_VALUES, BLOCK_ROWS = 1 << 16, 500


def write_columns(file: IO[bytes], answers: Iterable[Mapping[str, Any]], keys: Sequence[str]) -> Iterator[None]:
    """Write a row for each bar: symbol, time, and every column, empty where a value is unknown."""
    file.write(_line(map(cell, headings(keys))))
    for answer in answers:
        if "columns" in answer:
            front = cell(answer["symbol"] or "")
            unit = unit_of(answer["time"])
            for some in row_blocks(len(answer["time"]), len(keys)):
                times = moments(answer["time"][some], unit)
                values = [numbers([answer["columns"][key][some] for key in keys])] if keys else []
                file.writelines(_line((front, *row)) for row in zip(times, *values, strict=True))
                yield


def write_events(file: IO[bytes], answers: Iterable[Mapping[str, Any]], table: EventTable) -> Iterator[None]:
    """Write a row for each that the table has of an answer's events, empty where there is nothing."""
    file.write(_line(map(cell, table.kinds)))
    for answer in answers:
        for rows in in_sets(table.rows(answer), BLOCK_ROWS):
            columns = zip(table.kinds.values(), zip(*rows, strict=True), strict=True)
            file.writelines(map(_line, zip(*(CELLS[kind](values) for kind, values in columns), strict=True)))
            yield
        yield


def row_blocks(rows: int, columns: int) -> Iterator[slice]:
    """Yield the places of the rows that are made text together: few of many columns, for all are in memory."""
    step = max(1, BLOCK_VALUES // (1 + columns))
    return (slice(at, at + step) for at in range(0, rows, step))


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
    """Return a text as a cell of CSV."""
    return csv_cells.cell(text).encode()


def unit_of(milliseconds: Ints) -> Unit:
    """Return the unit that no digit of these times is lost in."""
    return "ms" if np.any(milliseconds % 1_000) else "s"


def moments(milliseconds: Ints, unit: Unit) -> list[bytes]:
    """Return times as ISO 8601 in UTC, in seconds or with milliseconds."""
    times = milliseconds.astype("datetime64[ms]").astype(f"datetime64[{unit}]")
    texts: list[str] = np.datetime_as_string(times, timezone="UTC").tolist()
    return [text.encode() for text in texts]


def numbers(columns: Sequence[Floats]) -> list[bytes]:
    """Return the values of each row, as JSON writes them and empty for null, with the commas between them."""
    return dump(np.column_stack(columns))[2:-2].replace(b"null", b"").split(b"],[")


def _texts(values: Sequence[str | None]) -> list[bytes]:
    return [cell(text or "") for text in values]


def _times(values: Sequence[int]) -> list[bytes]:
    times = np.array(values)
    return moments(times, unit_of(times))


def _numbers(values: Sequence[float | None]) -> list[bytes]:
    return [b"" if value is None else dump(value) for value in values]


CELLS: dict[Kind, Callable[[Sequence[Any]], list[bytes]]] = {
    "text": _texts,
    "time": _times,
    "count": _numbers,
    "number": _numbers,
}


def _line(cells: Iterable[bytes]) -> bytes:
    return b",".join(cells) + b"\r\n"
