"""Bars out of a decoded JSON body: columns, rows, or ccxt's lists.

Good input takes the fast way: whole columns at a time. Whatever that refuses is read again value by value, in
`market.input_errors`, to list every fault with its JSON pointer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from analysis import Bars
from analysis.arrays import Floats, Times
from analysis.errors import BarsError, Fault
from market.bars_table import Values, table_of
from market.errors import BarsInputError
from market.input_errors import checked_labels, read_slowly
from market.sessions_input import said_of_sessions
from market.timestamps import times_of_integers, times_of_texts

_NUMBERS = {int, float}
_NUMBERS_OR_NULL = {int, float, type(None)}


def parse_bars(
    body: object,
    *,
    max_bars: int,
    timeframe: str | None = None,
    symbol: str | None = None,
    pointer: str = "",
    may_say_sessions: bool = False,
) -> Bars:
    """Return the bars of a decoded body; raise BarsInputError with every fault there is.

    Three forms: columns `{"time": […], "open": […], …}` (with `symbol` and `timeframe` beside them, if
    wanted), rows `[{"time": …, "open": …}, …]`, and ccxt's `[[ms, open, high, low, close, volume], …]`.
    Columns may be lists or one-dimensional numpy arrays of numbers. "timestamp" may stand for "time". Times
    are seconds or milliseconds since 1970 (one unit for the whole column) or ISO 8601 with a zone. Volume
    may be left out, or null bar by bar; no other null, and no NaN, is let in. `timeframe` and `symbol`
    serve where the body names none; `pointer` is where the body stands in its document. Where they `may_say_sessions`,
    columns may have `timezone`, `session` or `sessions`, and `closed`, beside them.
    """
    table = table_of(body, max_bars=max_bars, pointer=pointer)
    labels = checked_labels(table, pointer=pointer, timeframe=timeframe, symbol=symbol)
    said = said_of_sessions(table, max_sessions=max_bars, pointer=pointer, may_say=may_say_sessions)
    columns = None if table.faults else _columns(table.fields)
    if columns is None:
        columns = read_slowly(table)
    try:
        return Bars(**columns, **labels, sessions=said.table(columns["time"]), closed=said.closed)
    except BarsError as error:
        faults = error.faults
    read_slowly(table)
    # Should the engine refuse what the reading here lets through, its own words are the answer.
    raise BarsInputError([Fault(pointer + fault.pointer, fault.code, fault.detail) for fault in faults])


def _columns(fields: Mapping[str, Values]) -> dict[str, Any] | None:
    time = _times(fields["time"])
    if time is None:
        return None
    columns: dict[str, Any] = {"time": time}
    for field in ("open", "high", "low", "close"):
        columns[field] = _floats(fields[field])
        if columns[field] is None:
            return None
    columns["volume"] = None
    if "volume" in fields and not _all_null(fields["volume"]):
        columns["volume"] = _volumes(fields["volume"])
        if columns["volume"] is None:
            return None
    return columns


def _times(values: Values) -> Times | None:
    if isinstance(values, np.ndarray):
        return times_of_integers(values) if values.dtype.kind == "i" else None
    kinds = set(map(type, values))
    if kinds == {int}:
        return times_of_integers(values)
    return times_of_texts(values) if kinds == {str} else None


def _floats(values: Values) -> Floats | None:
    if isinstance(values, np.ndarray):
        return values.astype(np.float64) if values.dtype.kind in "if" and values.ndim == 1 else None
    if not set(map(type, values)) <= _NUMBERS:
        return None
    try:
        return np.array(values, dtype=np.float64)
    except OverflowError:
        return None


def _volumes(values: Values) -> Floats | None:
    if isinstance(values, np.ndarray):
        return _floats(values)
    kinds = set(map(type, values))
    if kinds <= _NUMBERS:
        volumes = _floats(values)
        return volumes if volumes is not None and np.isfinite(volumes).all() else None
    if not kinds <= _NUMBERS_OR_NULL:
        return None
    try:
        volumes = np.array([np.nan if value is None else value for value in values], dtype=np.float64)
    except OverflowError:
        return None
    # A NaN that was not written as null, or an infinity, is a fault.
    return volumes if int((~np.isfinite(volumes)).sum()) == sum(value is None for value in values) else None


def _all_null(values: Values) -> bool:
    return not isinstance(values, np.ndarray) and values[0] is None and all(value is None for value in values)
