"""MetaTrader 5's tab-separated export."""

from __future__ import annotations

from market.errors import ImportRefused
from market.importers.table import RawTable, clean_headings, filled, numbered_rows, position_of


def read(text: str, symbol: str) -> RawTable:
    """Return the bars; volume is the tick volume, for the real one is 0 on most markets.

    Times are those of the broker's server: name its zone at import.
    """
    rows = numbered_rows(text.lstrip("\ufeff"), "\t")
    _, header = next(rows, (0, []))
    headings = clean_headings(header)
    places = [position_of(headings, (name,)) for name in ("open", "high", "low", "close", "tickvol")]
    time_places = [
        place for place in (position_of(headings, ("date",)), position_of(headings, ("time",))) if place is not None
    ]
    if not time_places or None in places[:4]:
        raise ImportRefused("The headings are not MetaTrader's: DATE, TIME, OPEN, HIGH, LOW, CLOSE, TICKVOL.")
    return filled(rows, places, time_places)
