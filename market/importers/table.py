"""What every reader returns: texts by column, and the line each came from."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from market.errors import ImportRefused


@dataclass(slots=True)
class RawTable:
    """Hold the columns of a file as texts; `volume` stays empty where the file has none."""

    lines: list[int] = field(default_factory=list)
    time: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    high: list[str] = field(default_factory=list)
    low: list[str] = field(default_factory=list)
    close: list[str] = field(default_factory=list)
    volume: list[str] = field(default_factory=list)

    def reverse(self) -> None:
        """Turn the order of the rows around."""
        for column in (self.lines, self.time, self.open, self.high, self.low, self.close, self.volume):
            column.reverse()


def numbered_rows(text: str, delimiter: str = ",") -> Iterator[tuple[int, list[str]]]:
    """Yield (line number from 1, cells) of each line not blank; raise ImportRefused if quotes break."""
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield reader.line_num, row
    except csv.Error as error:
        raise ImportRefused(f"Line {reader.line_num} is not CSV.") from error


def position_of(headings: Sequence[str], names: Iterable[str]) -> int | None:
    """Return where the first of the names stands among the headings, or None."""
    return next((headings.index(name) for name in names if name in headings), None)


def clean_headings(row: Sequence[str]) -> list[str]:
    """Return the headings in small letters, without blanks, underscores and MetaTrader's angle brackets."""
    return [cell.strip().strip("<>").lower().replace("_", " ") for cell in row]


def filled(rows: Iterable[tuple[int, list[str]]], places: Sequence[int | None], time_places: Sequence[int]) -> RawTable:
    """Return the rows as a table: prices and volume from `places`, time joined from `time_places`."""
    table = RawTable()
    columns = (table.open, table.high, table.low, table.close, table.volume)
    for line, row in rows:
        cells = dict(enumerate(row))
        table.lines.append(line)
        table.time.append(" ".join(cells.get(place, "").strip() for place in time_places))
        for column, place in zip(columns, places, strict=True):
            if place is not None:
                column.append(cells.get(place, "").strip())
    return table
