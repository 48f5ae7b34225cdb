"""The slow way through bad input: value by value, so that every fault is named once, with its pointer."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypedDict

import numpy as np

from analysis.arrays import Floats, Times
from analysis.errors import Fault, first_faults
from market.bar_checks import Readings, faults_in_bars
from market.bars_table import MISSING, SKIPPED, Table, Values
from market.errors import BarsInputError, MarketError
from market.symbols import normalise_symbol
from market.timeframes import checked_timeframe
from market.timestamps import nanoseconds_per_unit, time_or_fault


class Labels(TypedDict):
    """Hold what a body says of its bars."""

    timeframe: str | None
    symbol: str | None


def checked_labels(table: Table, *, pointer: str, timeframe: str | None, symbol: str | None) -> Labels:
    """Return symbol and timeframe, the body's own before the given; add their faults to the table's."""

    def checked(name: str, check: Callable[[str], str], given: str | None) -> str | None:
        value = table.labels.get(name)
        value = given if value is None else value
        try:
            return None if value is None else check(value)
        except MarketError as error:
            table.faults.append(Fault(f"{pointer}/{name}", error.code, error.detail))
            return None

    return Labels(
        timeframe=checked("timeframe", checked_timeframe, timeframe),
        symbol=checked("symbol", normalise_symbol, symbol),
    )


def read_slowly(table: Table) -> dict[str, Any]:
    """Return the columns, read value by value; raise BarsInputError with the faults of form, values and bars.

    At most 1,000 faults are listed, with the number of the others behind them: the answer to a body of 100,000 bad bars
    shall not be ten times its size.
    """
    faults = list(table.faults)
    fields = table.fields
    time, timed = _read_times(table, fields.get("time", []), faults)
    values = {name: _read_numbers(table, name, column, faults) for name, column in fields.items() if name != "time"}
    # Columns of unequal length are compared as far as all of them reach.
    count = min((len(column) for column in fields.values()), default=0)
    columns = {name: values.get(name, np.full(count, np.nan))[:count] for name in ("open", "high", "low", "close")}
    if "time" not in fields:
        time, timed = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.bool_)
    volume = values["volume"][:count] if "volume" in values else None
    found = faults_in_bars(Readings(time[:count], timed[:count], **columns, volume=volume))
    faults += [Fault(table.where(fault.field, fault.row), fault.code, fault.detail) for fault in found]
    if faults:
        raise BarsInputError(first_faults(faults))
    return {"time": time, **columns, "volume": None if volume is None or np.isnan(volume).all() else volume}


def _read_times(table: Table, values: Values, faults: list[Fault]) -> tuple[Times, Any]:
    numbers = [abs(value) for value in values if _number_fault(value) is None]
    factor = nanoseconds_per_unit(max(numbers, default=0))
    time, timed = np.zeros(len(values), dtype=np.int64), np.zeros(len(values), dtype=np.bool_)
    for row, value in enumerate(values):
        if value is SKIPPED:
            continue
        if value is MISSING or value is None:
            faults.append(Fault(table.where("time", row), "missing", "every bar has a time"))
            continue
        moment = time_or_fault(value.item() if isinstance(value, np.generic) else value, factor)
        if isinstance(moment, int):
            time[row], timed[row] = moment, True
        else:
            faults.append(Fault(table.where("time", row), *moment))
    return time, timed


def _read_numbers(table: Table, name: str, values: Values, faults: list[Fault]) -> Floats:
    numbers = np.full(len(values), np.nan)
    for row, value in enumerate(values):
        if value is SKIPPED or (name == "volume" and _is_null(value)):
            continue
        fault = _number_fault(value)
        if fault is None:
            numbers[row] = value
        else:
            faults.append(Fault(table.where(name, row), *fault))
    return numbers


def _is_null(value: object) -> bool:
    # An array has no other way to say null; a list has.
    return value is None or (isinstance(value, np.floating) and bool(np.isnan(value)))


def _number_fault(value: object) -> tuple[str, str] | None:
    if value is MISSING:
        return "missing", "every bar has this value"
    if value is None:
        return "missing", "null is allowed for volume only"
    if isinstance(value, bool | np.bool_) or not isinstance(value, int | float | np.number):
        return "wrong_type", "not a number"
    try:
        finite = math.isfinite(value)
    except OverflowError:
        finite = False
    return None if finite else ("not_finite", "not a finite number")
