"""From the bytes of a file to bars: the one way in for every format."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis import Bars
from analysis.arrays import Bools, Floats, Times
from analysis.errors import BarsError, Fault
from market.bar_checks import Readings, faults_in_bars
from market.errors import BarsInputError, ImportRefused
from market.importers import cryptodatadownload, generic, lean, metatrader, yahoo
from market.importers.table import RawTable
from market.importers.time_parsing import moment_of
from market.sessions import zone_of
from market.symbols import normalise_symbol
from market.timeframes import DAILY, checked_timeframe

FORMATS: dict[str, Callable[[str, str], RawTable]] = {
    "csv": generic.read,
    "yahoo": yahoo.read,
    "cryptodatadownload": cryptodatadownload.read,
    "metatrader": metatrader.read,
    "lean": lean.read,
}
_PRICES = ("open", "high", "low", "close")
_NO_VALUE = {"", "null", "nan", "na", "n/a", "none", "-"}


@dataclass(frozen=True, slots=True)
class Imported:
    """Hold the bars of a file, the faults of the bars left out, and whether the newest came first."""

    bars: Bars
    skipped_count: int
    skipped: list[Fault]
    newest_first: bool


def read_bars(
    data: bytes,
    *,
    symbol: str,
    timeframe: str,
    format: str = "csv",
    timezone: str | None = None,
    time_format: str | None = None,
    skip_bad_bars: bool = False,
    max_bars: int | None = None,
) -> Imported:
    """Return the bars of a file's bytes (unpacked before, see `files.unpacked`).

    A file whose newest bar comes first is turned around, which loses nothing. Any other fault of a bar (a
    missing or impossible number, high below low, a time that repeats or goes back) raises BarsInputError
    with all of them, the pointer being /line/column; with `skip_bad_bars` those bars are left out and
    reported in the answer instead. Raises ImportRefused for a file that is not of the format.
    """
    symbol, timeframe = normalise_symbol(symbol), checked_timeframe(timeframe)
    if format not in FORMATS:
        raise ImportRefused(f"The format is one of {', '.join(FORMATS)}.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ImportRefused("The file is not UTF-8 text.") from error
    table = FORMATS[format](text, symbol)
    if not table.lines:
        raise ImportRefused("The file has no bars.")
    if max_bars is not None and len(table.lines) > max_bars:
        raise ImportRefused(f"The file has {len(table.lines)} bars, at most {max_bars} are allowed.")
    return _checked(table, symbol, timeframe, timezone, time_format, skip_bad_bars)


def _checked(
    table: RawTable,
    symbol: str,
    timeframe: str,
    timezone: str | None,
    time_format: str | None,
    skip_bad_bars: bool,
) -> Imported:
    faults: list[tuple[int, Fault]] = []

    def note(row: int, column: str, code: str, detail: str) -> None:
        faults.append((row, Fault(f"/{table.lines[row]}/{column}", code, detail)))

    zone = None if timezone is None else zone_of(timezone)
    daily = timeframe in DAILY
    moments = [moment_of(text, zone=zone, time_format=time_format, daily=daily) for text in table.time]
    known = [moment for moment in moments if isinstance(moment, int)]
    newest_first = len(known) > 1 and known[0] > known[-1]
    if newest_first:
        table.reverse()
        moments.reverse()
    for row, moment in enumerate(moments):
        if not isinstance(moment, int):
            note(row, "time", *moment)
    values = {name: _numbers(getattr(table, name), name, note) for name in _PRICES}
    volume = _numbers(table.volume, "volume", note) if table.volume else None
    if volume is not None and np.isnan(volume).all():
        volume = None
    timed = np.array([isinstance(moment, int) for moment in moments])
    time = np.array([moment if isinstance(moment, int) else 0 for moment in moments], dtype=np.int64)
    for fault in faults_in_bars(Readings(time, timed, **values, volume=volume)):
        # Which bar goes back depends, when some are left out, on which were kept: see below.
        if not (skip_bad_bars and fault.field == "time"):
            note(fault.row, fault.field, fault.code, fault.detail)
    kept = np.ones(len(time), dtype=np.bool_)
    kept[[row for row, _ in faults]] = False
    if skip_bad_bars:
        for row in _rows_going_back(time, kept):
            note(row, "time", "not_sorted", "not later than the bars before")
            kept[row] = False
    found = [fault for _, fault in faults]
    if found and not (skip_bad_bars and kept.any()):
        raise BarsInputError(found)
    prices: dict[str, Any] = {name: column[kept] for name, column in values.items()}
    try:
        bars = Bars(
            time=time[kept],
            **prices,
            volume=None if volume is None else volume[kept],
            timeframe=timeframe,
            symbol=symbol,
        )
    except BarsError as error:
        raise BarsInputError(error.faults) from error
    return Imported(bars, len(time) - int(kept.sum()), found, newest_first)


def _rows_going_back(time: Times, kept: Bools) -> list[int]:
    rows = np.flatnonzero(kept)
    latest = np.maximum.accumulate(time[rows])
    return [int(row) for row in rows[1:][time[rows[1:]] <= latest[:-1]]]


def _numbers(texts: list[str], name: str, note: Callable[[int, str, str, str], None]) -> Floats:
    numbers = np.full(len(texts), np.nan)
    for row, text in enumerate(texts):
        if text.lower() in _NO_VALUE:
            if name != "volume":
                note(row, name, "missing", "every bar has this value")
            continue
        try:
            # float() takes 1_000, which no vendor means, and the digits of every script.
            number = float(text if text.isascii() and "_" not in text else "")
        except ValueError:
            note(row, name, "wrong_type", f"{text[:40]!r} is not a number")
            continue
        if np.isfinite(number):
            numbers[row] = number
        else:
            note(row, name, "not_finite", "not a finite number")
    return numbers
