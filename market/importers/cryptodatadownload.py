"""CryptoDataDownload's CSV: newest bar first, seconds and milliseconds mixed, two columns of volume."""

from __future__ import annotations

from market.errors import ImportRefused
from market.importers.table import RawTable, clean_headings, filled, numbered_rows, position_of


def read(text: str, symbol: str) -> RawTable:
    """Return the bars, timed by the column unix, with the volume of the base currency (the first of the two).

    A first line that is the site's address is passed over.
    """
    rows = numbered_rows(text.lstrip("\ufeff"))
    _, header = next(rows, (0, []))
    if len(header) == 1:
        _, header = next(rows, (0, []))
    headings = clean_headings(header)
    places = [position_of(headings, (name,)) for name in ("open", "high", "low", "close")]
    time = position_of(headings, ("unix", "unix timestamp"))
    volume = next((place for place, name in enumerate(headings) if name.startswith("volume")), None)
    if time is None or None in places:
        raise ImportRefused("The headings are not CryptoDataDownload's: unix, open, high, low, close.")
    return filled(rows, [*places, volume], [time])
