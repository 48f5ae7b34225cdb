"""Store the bars of a file."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from analysis.errors import Fault
from market.importers import file_bytes, read_bars
from market.models import BarSeries
from market.ownership import Owner
from market.services.store import store_series


@dataclass(frozen=True, slots=True)
class ImportReport:
    """Hold what became of a file: the series, and the faults of the bars that were left out."""

    series: BarSeries
    skipped_count: int
    skipped: list[Fault]
    newest_first: bool


def import_file(
    *,
    owner: Owner,
    path: Path,
    symbol: str,
    timeframe: str,
    now: datetime,
    format: str = "csv",
    adjustment: str = "raw",
    source: str = "",
    name: str = "",
    timezone: str | None = None,
    time_format: str | None = None,
    skip_bad_bars: bool = False,
) -> ImportReport:
    """Return the report on a file stored as the owner's series, which replaces an earlier one.

    `timezone` is the zone of times that name none, and the zone of the series' sessions. Raises
    ImportRefused, BarsInputError (a bad bar, unless `skip_bad_bars`) and what `store_series` raises; then
    nothing is stored.
    """
    data = file_bytes(path)
    imported = read_bars(
        data,
        symbol=symbol,
        timeframe=timeframe,
        format=format,
        timezone=timezone,
        time_format=time_format,
        skip_bad_bars=skip_bad_bars,
    )
    series = store_series(
        owner=owner,
        bars=imported.bars,
        symbol=symbol,
        timeframe=timeframe,
        source=source or path.name,
        adjustment=adjustment,
        now=now,
        name=name,
        timezone=timezone or "UTC",
        source_sha256=hashlib.sha256(data).hexdigest(),
    )
    return ImportReport(series, imported.skipped_count, imported.skipped, imported.newest_first)
