"""QuantConnect Lean's equity files: no headings, prices times 10,000."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from market.errors import ImportRefused
from market.importers.table import RawTable, filled, numbered_rows

_SCALE = Decimal("0.0001")


def read(text: str, symbol: str) -> RawTable:
    """Return the bars of a daily or hourly equity file: `20130102 00:00,open,high,low,close,volume`.

    Prices are divided by 10,000, exactly. Other kinds of Lean files have other columns and are refused.
    """
    rows = list(numbered_rows(text))
    if not rows or any(len(row) != 6 for _, row in rows):
        raise ImportRefused("Lean's equity bars have six columns: time, open, high, low, close, volume.")
    table = filled(rows, [1, 2, 3, 4, 5], [0])
    for column in (table.open, table.high, table.low, table.close):
        for index, cell in enumerate(column):
            try:
                column[index] = str(Decimal(cell) * _SCALE)
            except InvalidOperation:
                continue  # reported with its line when the cells are read as numbers
    return table
