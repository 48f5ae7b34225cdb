"""Bars out of their blocks: one series or many, only the blocks that are needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

import numpy as np
from django.db.models import F

from analysis import Bars
from analysis.session_rule import SessionRule
from market.blocks import BLOCK_BARS, Columns, decode_block, join
from market.errors import BlockDamaged, MarketError, SeriesChanged
from market.models import BarBlock, BarSeries
from market.sessions import session_ids
from market.staleness import STEP_BARS, usual_step_seconds
from market.time_conversion import to_ns
from market.timeframes import DAILY

_BATCH_BLOCKS = 128  # at most about 25 MB of decoded bars in memory at once

OnFault = Callable[[int, MarketError], None]
OnStep = Callable[[int, int], None]


def load_bars(
    series: BarSeries, *, start: datetime | None = None, end: datetime | None = None, last: int | None = None
) -> Bars:
    """Return the bars with start ≤ time < end, of these the last n; all bars by default, perhaps none.

    One query, for the blocks that the range touches. Raises BlockDamaged.
    """
    blocks = BarBlock.objects.filter(series=series)
    if start is not None:
        blocks = blocks.filter(last_ns__gte=to_ns(start))
    if end is not None:
        blocks = blocks.filter(first_ns__lt=to_ns(end))
    elif last is not None:
        blocks = blocks.filter(position__gte=max(0, series.bar_count - last) // BLOCK_BARS)
    newest = blocks.order_by("-position").values_list("data", "sha256")
    if end is not None and last is not None:
        # The end falls somewhere into the newest of these blocks, so one more than last would fill.
        newest = newest[: 2 + (last - 1) // BLOCK_BARS]
    parts = [decode_block(data, sha256) for data, sha256 in newest][::-1]
    columns = join(parts) if parts else _NONE
    low = 0 if start is None else int(np.searchsorted(columns.time, to_ns(start), side="left"))
    high = len(columns.time) if end is None else int(np.searchsorted(columns.time, to_ns(end), side="left"))
    if last is not None:
        low = max(low, high - last)
    return _bars(columns.part(low, max(low, high)), series.timeframe, series.timezone, series.instrument.symbol)


def load_many(
    series_ids: Sequence[int],
    *,
    last: int | None = None,
    fingerprints: Mapping[int, str] | None = None,
    on_fault: OnFault | None = None,
    on_step: OnStep | None = None,
) -> Iterator[tuple[int, Bars]]:
    """Yield (id, bars) in the given order, a batch of series per query; ids that are gone are left out.

    With `fingerprints`, a series that is no longer the one fingerprinted is a SeriesChanged instead of bars
    that a result would be filed under wrongly. Faults of one series (that, BlockDamaged) go to on_fault(id,
    error) and the series is left out; without on_fault they are raised. Before a series is yielded its usual step goes
    to on_step(id, seconds), which may take a block more than the last bars do.
    """
    sizes = dict(BarSeries.objects.filter(pk__among=series_ids).values_list("pk", "bar_count"))
    batch: list[int] = []
    weight = 0
    for pk in series_ids:
        if pk not in sizes:
            continue
        batch.append(pk)
        weight += 1 + min(sizes[pk], last or sizes[pk]) // BLOCK_BARS
        if weight >= _BATCH_BLOCKS:
            yield from _load_batch(batch, last, fingerprints or {}, on_fault, on_step)
            batch, weight = [], 0
    if batch:
        yield from _load_batch(batch, last, fingerprints or {}, on_fault, on_step)


def _load_batch(
    series_ids: list[int],
    last: int | None,
    fingerprints: Mapping[int, str],
    on_fault: OnFault | None,
    on_step: OnStep | None,
) -> Iterator[tuple[int, Bars]]:
    # One statement, so that a series' facts and blocks are of one moment even while it is being rewritten.
    blocks = BarBlock.objects.filter(series_id__among=series_ids).order_by("series_id", "position")
    if last is not None:
        read = last if on_step is None else max(last, STEP_BARS)
        blocks = blocks.annotate(stop=(F("position") + 1) * BLOCK_BARS).filter(stop__gt=F("series__bar_count") - read)
    facts: dict[int, tuple[str, str, str, str]] = {}
    stored: dict[int, list[tuple[bytes | memoryview, str]]] = {}
    for pk, data, sha256, *fact in blocks.values_list(
        "series_id",
        "data",
        "sha256",
        "series__timeframe",
        "series__timezone",
        "series__instrument__symbol",
        "series__fingerprint",
    ):
        facts[pk] = tuple(fact)  # type: ignore[assignment]
        stored.setdefault(pk, []).append((data, sha256))
    for pk in series_ids:
        if pk not in facts:
            continue
        timeframe, timezone, symbol, fingerprint = facts[pk]
        try:
            if fingerprints.get(pk, fingerprint) != fingerprint:
                raise SeriesChanged(f"{symbol} {timeframe} has changed since it was asked for.")
            columns = join([decode_block(data, sha256) for data, sha256 in stored.pop(pk)])
        except (SeriesChanged, BlockDamaged) as error:
            if on_fault is None:
                raise
            on_fault(pk, error)
            continue
        if on_step is not None and (step := usual_step_seconds(columns.time)) is not None:
            on_step(pk, step)
        if last is not None:
            columns = columns.part(max(0, len(columns.time) - last), len(columns.time))
        yield pk, _bars(columns, timeframe, timezone, symbol)


_NO_FLOATS = np.empty(0, dtype=np.float64)
_NONE = Columns(np.empty(0, dtype=np.int64), _NO_FLOATS, _NO_FLOATS, _NO_FLOATS, _NO_FLOATS, None)


def _bars(columns: Columns, timeframe: str, timezone: str, symbol: str) -> Bars:
    # A daily bar's time is its session's date already, in no zone.
    session = None if timeframe in DAILY else session_ids(columns.time, timezone)
    # The days of a zone are sessions on every day: a day without bars is one that nobody knew to be a holiday.
    sessions = None if session is None else SessionRule.of_zone(timezone).table(columns.time)
    return Bars(**columns._asdict(), timeframe=timeframe, session=session, sessions=sessions, symbol=symbol)
