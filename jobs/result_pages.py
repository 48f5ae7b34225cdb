"""How much of a result one page has: told from its header, before anything of it is read or rendered."""

import math
from collections.abc import Collection

from django.conf import settings

from analysis import codec
from jobs.errors import PageTooLarge
from jobs.result_sizes import counted, megabytes

# Bytes as JSON, rounded up: a time, a value, what a column and a result take besides, and an event's text, which has
# its times in milliseconds but an id and its baseline besides.
TIME, VALUE, COLUMN, HEADER = 15, 21, 60, 1_000
EVENT_GROWTH = 2.5


def column_count(entry: codec.Entry, columns: Collection[str] | None) -> int:
    """Return how many of a result's columns are asked for."""
    return len(entry.keys) if columns is None else sum(key in columns for key in entry.keys)


def values_bytes(bars: int, columns: int) -> int:
    """Return what some bars of some columns come to, without events."""
    return HEADER + COLUMN * columns + bars * (TIME + VALUE * columns)


def events_bytes(entry: codec.Entry, count: int) -> int:
    """Return what n of a result's events come to."""
    return math.ceil(EVENT_GROWTH * entry.events_size * count / max(1, entry.event_count))


def too_large(entry: codec.Entry, symbol: str, bars: int, columns: int, size: int) -> PageTooLarge:
    """Return the error that says how to read these bars instead."""
    most = settings.RESULT_PAGE_MAX_BYTES
    per_bar = TIME + VALUE * columns + EVENT_GROWTH * entry.events_size / max(1, entry.count)
    # Events come in crowds.
    rows = max(1, math.floor(0.7 * (most - HEADER - COLUMN * columns) / per_bar))
    return PageTooLarge(
        f"As one page {counted(bars, 'bar')} of {symbol} with {counted(columns, 'column')} and their events would have "
        f"about {megabytes(size)}; a page has at most {megabytes(most)}. Read it in pages with rows={min(rows, bars)}, "
        "each by the `next` of the one before; choose columns or last; or take application/x-ndjson, text/csv or "
        "Parquet."
    )
