"""CSV with headings: most files of most vendors, and the demo data."""

from __future__ import annotations

from market.errors import ImportRefused
from market.importers.table import RawTable, clean_headings, filled, numbered_rows, position_of

_TIME = ("timestamp", "datetime", "date time", "open time", "unix", "time", "date", "")
_PRICES = (("open", "o"), ("high", "h"), ("low", "l"), ("close", "c", "last"))
_VOLUME = ("volume", "vol", "v")
_SYMBOL = ("symbol", "ticker", "name")


def read(text: str, symbol: str) -> RawTable:
    """Return the bars of a CSV text with a line of headings.

    Separator: comma, semicolon or tab. Headings in any case and order: date, time, timestamp, datetime or
    unix, or date beside time; open, high, low, close; volume if there is one. Other columns are left alone,
    an adjusted close among them. If a column symbol, ticker or name holds several values, the rows of the
    wanted symbol are taken.
    """
    first = text.lstrip("\ufeff\r\n").split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    rows = numbered_rows(text.lstrip("\ufeff"), delimiter)
    _, header = next(rows, (0, []))
    headings = clean_headings(header)
    places = [position_of(headings, names) for names in _PRICES]
    time = position_of(headings, _TIME)
    absent = [names[0] for names, place in zip(_PRICES, places, strict=True) if place is None]
    if time is None or absent:
        needed = [*(["date or time"] if time is None else []), *absent]
        raise ImportRefused(f"The first line has no heading for: {', '.join(needed)}.")
    time_places = [time]
    if "date" in headings and "time" in headings and headings[time] in ("date", "time"):
        time_places = [headings.index("date"), headings.index("time")]
    data = list(rows)
    symbols = position_of(headings, _SYMBOL)
    if symbols is not None and len({row[symbols] for _, row in data if len(row) > symbols}) > 1:
        data = [(line, row) for line, row in data if len(row) > symbols and row[symbols].strip().upper() == symbol]
    return filled(data, [*places, position_of(headings, _VOLUME)], time_places)
