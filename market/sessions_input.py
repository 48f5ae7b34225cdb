"""What bars in a decoded body say of their sessions: a zone, a rule or a table, and whether the last bar is over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from typing import Any

from analysis.arrays import Times
from analysis.errors import BarsError, Fault, first_faults
from analysis.session_rule import SessionRule, demanded_zone
from analysis.sessions import Sessions
from market.bars_table import SESSION_LABELS, Table
from market.pointers import step
from market.timestamps import nanoseconds_per_unit, time_or_fault

SAYS_SESSIONS = SESSION_LABELS[:3]  # one of them at a time
_REQUIRED, _OPTIONAL = ("date", "open", "close"), ("early", "scheduled")
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Said:
    """Hold the rule or the table of sessions, if there is one, and whether the last bar is over."""

    rule: SessionRule | None = None
    sessions: Sessions | None = None
    closed: bool = False

    def table(self, time: Times) -> Sessions | None:
        """Return the sessions of bars at these times; raise BarsError for a rule over too many years."""
        return self.sessions if self.rule is None else self.rule.table(time)


def said_of_sessions(table: Table, *, max_sessions: int, pointer: str, may_say: bool) -> Said:
    """Return what a body's labels say of sessions; add their faults to the table's."""
    given = {name: table.labels[name] for name in SESSION_LABELS if table.labels.get(name) is not None}
    if not may_say:
        for name in given:
            table.faults.append(Fault(f"{pointer}/{name}", "unknown_field", "A series says it beside its bars."))
        return Said()
    closed = given.pop("closed", False)
    if not isinstance(closed, bool):
        table.faults.append(Fault(f"{pointer}/closed", "wrong_type", "This is true or false."))
        closed = False
    for name in list(given)[1:]:
        detail = f"Give one of {', '.join(SAYS_SESSIONS)}."
        table.faults.append(Fault(f"{pointer}/{name}", "ambiguous_field", detail))
    try:
        for name, value in given.items():
            if name == "sessions":
                return Said(None, _table(value, max_sessions), closed)
            if not isinstance(value, str):
                raise BarsError([Fault(f"/{name}", "wrong_type", "This is a text.")])
            rule = SessionRule.of_zone(value) if name == "timezone" else SessionRule.parse(value)
            demanded_zone(rule.zone, f"/{name}")
            return Said(rule, None, closed)
    except BarsError as error:
        table.faults += [Fault(pointer + fault.pointer, fault.code, fault.detail) for fault in error.faults]
    return Said(closed=closed)


def _table(value: object, most: int) -> Sessions:
    """Return the table in columns; raise BarsError with the faults of its form, or of its sessions."""
    if not isinstance(value, Mapping):
        raise BarsError([Fault("/sessions", "wrong_type", "The sessions are an object of columns.")])
    faults = [
        Fault(f"/sessions/{step(name)}", "unknown_field", f"Columns are {', '.join(_REQUIRED + _OPTIONAL)}.")
        for name in value.keys() - {*_REQUIRED, *_OPTIONAL}
    ]
    faults += [
        Fault(f"/sessions/{name}", "missing", "This column is required.") for name in _REQUIRED if name not in value
    ]
    given = {name: column for name in (*_REQUIRED, *_OPTIONAL) if (column := value.get(name)) is not None}
    for name, column in given.items():
        if not isinstance(column, list):
            faults.append(Fault(f"/sessions/{name}", "wrong_type", "A column is a list."))
        elif len(column) > most:
            faults.append(
                Fault(f"/sessions/{name}", "too_many", f"{len(column)} sessions, at most {most} are allowed.")
            )
    if faults:
        raise BarsError(faults)
    # What did not take place closed when it would have opened.
    pairs = zip_longest(given["open"][: len(given["close"])], given["close"])
    given["close"] = [opened if closed is None else closed for opened, closed in pairs]
    columns: dict[str, Any] = {name: _read(name, column, faults) for name, column in given.items()}
    if faults:
        raise BarsError(first_faults(faults))
    return Sessions.of(**columns)


def _read(name: str, column: list[Any], faults: list[Fault]) -> list[Any]:
    numbers = [abs(value) for value in column if type(value) in (int, float) and value == value]
    factor = nanoseconds_per_unit(max(numbers, default=0))
    read: Callable[[object], Any]
    if name == "date":
        read = _day
    elif name in _OPTIONAL:
        read = _truth
    else:
        read = lambda value: time_or_fault(value, factor)  # noqa: E731
    values = []
    for row, value in enumerate(column):
        found = read(value)
        if isinstance(found, tuple):
            faults.append(Fault(f"/sessions/{name}/{row}", *found))
        values.append(found)
    return values


def _day(value: object) -> int | tuple[str, str]:
    """Return the days since 1970 of a date such as 2024-01-31, or what is wrong with it."""
    try:
        if isinstance(value, str) and len(value) == len("2024-01-31"):
            return (date.fromisoformat(value) - _EPOCH).days
    except ValueError:
        pass
    return "not_a_date", "not a date such as 2024-01-31"


def _truth(value: object) -> bool | tuple[str, str]:
    return value if isinstance(value, bool) else ("wrong_type", "neither true nor false")
