"""Yahoo's CSV with its column Adj Close, as total-return adjusted bars."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from market.errors import ImportRefused
from market.importers import generic
from market.importers.table import RawTable, clean_headings, numbered_rows, position_of


def read(text: str, symbol: str) -> RawTable:
    """Return the bars with open, high, low and close multiplied by Adj Close / Close of their day.

    Yahoo's other prices and its volume are split-adjusted already; read them with the format csv and call
    them `split`. A cell that is no number stays as it is and is reported with the rest.
    """
    table = generic.read(text, symbol)
    rows = numbered_rows(text.lstrip("\ufeff"))
    _, header = next(rows)
    place = position_of(clean_headings(header), ("adj close", "adjclose", "adjusted close"))
    if place is None:
        raise ImportRefused("The first line has no heading Adj Close.")
    adjusted = {line: row[place] if len(row) > place else "" for line, row in rows}
    for index, line in enumerate(table.lines):
        try:
            scale = Decimal(adjusted[line]) / Decimal(table.close[index])
            scaled = [Decimal(column[index]) * scale for column in (table.open, table.high, table.low)]
        except (InvalidOperation, ZeroDivisionError):
            table.close[index] = adjusted[line]
            continue
        table.open[index], table.high[index], table.low[index] = map(str, scaled)
        table.close[index] = adjusted[line]
    return table
