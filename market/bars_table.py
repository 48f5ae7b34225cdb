"""The three forms of a body of bars, brought to one: the values of each field, and where each value stood."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from analysis.errors import Fault
from market.errors import BarsInputError
from market.pointers import step

REQUIRED: Final = ("time", "open", "high", "low", "close")
FIELDS: Final = (*REQUIRED, "volume")
MISSING: Final = object()  # the value of a field that a row does not have
SKIPPED: Final = object()  # the values of a row that was reported as a whole
Values = list[Any] | NDArray[Any]
SESSION_LABELS: Final = ("timezone", "session", "sessions", "closed")
NO_CALENDARS: Final = "there are no calendars by name; bars of a request may say their timezone, session or sessions"
_LABELS = ("symbol", "timeframe", *SESSION_LABELS)
_FIELD_OF = {name: name for name in FIELDS} | {"timestamp": "time"}


@dataclass(slots=True)
class Table:
    """Hold the values of each field that is there, the labels, the faults of form, and where values stood."""

    where: Callable[[str, int], str]
    fields: dict[str, Values] = field(default_factory=dict)
    labels: dict[str, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def table_of(body: object, *, max_bars: int, pointer: str) -> Table:
    """Return the body as a table; raise BarsInputError at once for no bars, too many, or another form."""
    if isinstance(body, Mapping):
        return _of_columns(body, max_bars, pointer)
    if not isinstance(body, list):
        raise BarsInputError([Fault(pointer, "wrong_type", "bars are an object of columns or a list of bars")])
    _check_count(len(body), max_bars, pointer)
    return _of_lists(body, pointer) if isinstance(body[0], list) else _of_objects(body, pointer)


def _check_count(count: int, max_bars: int, pointer: str) -> None:
    if not count:
        raise BarsInputError([Fault(pointer, "no_bars", "there are no bars")])
    if count > max_bars:
        raise BarsInputError([Fault(pointer, "too_many_bars", f"{count} bars, at most {max_bars} are allowed")])


def _of_columns(body: Mapping[Any, Any], max_bars: int, pointer: str) -> Table:
    names: dict[str, str] = {}
    table = Table(lambda field, row: f"{pointer}/{names.get(field, field)}/{row}")
    for name, values in body.items():
        if name in _LABELS:
            table.labels[name] = values
            continue
        column, at = _FIELD_OF.get(name), f"{pointer}/{step(name)}"
        if column is None:
            known = NO_CALENDARS if name == "calendar" else f"columns are {', '.join(FIELDS)}"
            table.faults.append(Fault(at, "unknown_field", known))
        elif column in names:
            table.faults.append(Fault(at, "ambiguous_field", "give time or timestamp, not both"))
        elif name != "volume" or values is not None:
            names[column] = name
            if isinstance(values, list) or (isinstance(values, np.ndarray) and values.ndim == 1):
                table.fields[column] = values
            else:
                table.faults.append(Fault(at, "wrong_type", "a column is a list"))
    lengths = {column: len(values) for column, values in table.fields.items()}
    if lengths:
        _check_count(max(lengths.values()), max_bars, pointer)
    for column in REQUIRED:
        if column not in names:
            table.faults.append(Fault(f"{pointer}/{column}", "missing", "this column is required"))
    count = lengths.get("time") or max(lengths.values(), default=0)
    for column, length in lengths.items():
        if length != count:
            detail = f"{length} values where there are {count} bars"
            table.faults.append(Fault(f"{pointer}/{names[column]}", "unequal_length", detail))
    return table


def _of_objects(rows: list[Any], pointer: str) -> Table:
    name_of_time = "timestamp" if isinstance(rows[0], Mapping) and "timestamp" in rows[0] else "time"
    table = Table(lambda field, row: f"{pointer}/{row}/{name_of_time if field == 'time' else field}")
    names = {column: name_of_time if column == "time" else column for column in FIELDS}
    allowed = set(names.values())
    absent = dict.fromkeys(FIELDS, MISSING) | {"volume": None}
    if all(isinstance(bar, Mapping) for bar in rows) and set().union(*rows) <= allowed:
        table.fields = {column: [bar.get(names[column], absent[column]) for bar in rows] for column in FIELDS}
        return table
    for row, bar in enumerate(rows):
        if not isinstance(bar, Mapping):
            table.faults.append(Fault(f"{pointer}/{row}", "wrong_type", "a bar is an object, like the first"))
            continue
        for name in bar.keys() - allowed:
            at, detail = f"{pointer}/{row}/{step(name)}", f"a bar has {', '.join(names.values())}"
            table.faults.append(Fault(at, "unknown_field", detail))
    for column, name in names.items():
        table.fields[column] = [bar.get(name, absent[column]) if isinstance(bar, Mapping) else SKIPPED for bar in rows]
    return table


def _of_lists(rows: list[Any], pointer: str) -> Table:
    table = Table(lambda field, row: f"{pointer}/{row}/{FIELDS.index(field)}")
    for row, values in enumerate(rows):
        if not isinstance(values, list):
            table.faults.append(Fault(f"{pointer}/{row}", "wrong_type", "a bar is a list, like the first"))
        elif len(values) not in (5, 6):
            detail = f"{len(values)} values: a bar is [time, open, high, low, close, volume]"
            table.faults.append(Fault(f"{pointer}/{row}", "unequal_length", detail))
    if table.faults:
        rows = [values if isinstance(values, list) and len(values) in (5, 6) else [SKIPPED] * 6 for values in rows]
    for position, column in enumerate(FIELDS):
        table.fields[column] = [values[position] if position < len(values) else None for values in rows]
    return table
