"""Bars as CSV, in the form the generic importer reads."""

from __future__ import annotations

import math
from collections.abc import Iterator

from analysis import Bars
from market.time_conversion import from_ns


def csv_lines(bars: Bars) -> Iterator[str]:
    """Yield the headings and a line per bar: ISO 8601 UTC, numbers that read back exactly, null volume empty."""
    yield "time,open,high,low,close,volume\n"
    volumes = bars.volume.tolist() if bars.volume is not None else [math.nan] * len(bars)
    columns = (
        bars.time.tolist(),
        bars.open.tolist(),
        bars.high.tolist(),
        bars.low.tolist(),
        bars.close.tolist(),
    )
    for time, opening, high, low, close, volume in zip(*columns, volumes, strict=True):
        moment = from_ns(time).isoformat().replace("+00:00", "Z")
        known = "" if math.isnan(volume) else f"{volume!r}"
        yield f"{moment},{opening!r},{high!r},{low!r},{close!r},{known}\n"
