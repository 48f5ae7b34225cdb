"""Continue a stored series."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from analysis import Bars
from market.blocks import decode_block, join, split
from market.errors import AppendRefused, SeriesNotFound
from market.fingerprints import series_fingerprint
from market.models import BarBlock, BarSeries
from market.ownership import Owner, locked_instrument
from market.services.store import columns_of, insert_blocks
from market.time_conversion import from_ns
from market.timeframes import checked_timeframe


def append_bars(
    *,
    owner: Owner,
    bars: Bars,
    symbol: str,
    timeframe: str,
    now: datetime,
    replace_last: bool = False,
) -> BarSeries:
    """Return the owner's series, continued by the bars; only its last block is rewritten.

    Every bar must be later than the last stored one. With `replace_last` the first may have the same time
    and takes its place, as when a bar was stored before it had closed. Raises SeriesNotFound, AppendRefused
    (`not_after_stored`, `timeframe_differs`) and BlockDamaged; then nothing is stored. A user cannot append
    to a shared series.
    """
    checked_timeframe(timeframe)
    if bars.timeframe is not None and bars.timeframe != timeframe:
        raise AppendRefused("timeframe_differs", f"The bars are {bars.timeframe}, the series is {timeframe}.")
    if not len(bars):
        raise AppendRefused("no_bars", "There are no bars to append.")
    with transaction.atomic():
        instrument = locked_instrument(owner, symbol)
        series = BarSeries.objects.filter(instrument=instrument, timeframe=timeframe).first()
        if instrument is None or series is None:
            raise SeriesNotFound(f"No {timeframe} bars of your own for {symbol!r}.")
        series.instrument = instrument
        block = BarBlock.objects.filter(series=series).latest("position")
        stored = decode_block(block.data, block.sha256)
        first = int(bars.time[0])
        kept = block.count
        if replace_last and first == block.last_ns:
            kept -= 1
        elif first <= block.last_ns:
            raise AppendRefused(
                "not_after_stored",
                f"The first bar is not later than the last stored one, {from_ns(block.last_ns)}.",
            )
        tail = join([stored.part(0, kept), columns_of(bars)]) if kept else columns_of(bars)
        blocks = list(split(tail))
        block.delete()
        insert_blocks(series, blocks, first_position=block.position)
        _write_facts(series, kept - block.count + len(bars), now)
    return series


def _write_facts(series: BarSeries, added: int, now: datetime) -> None:
    rows = list(
        BarBlock.objects.filter(series=series).order_by("position").values_list("sha256", "first_ns", "last_ns")
    )
    series.fingerprint = series_fingerprint(
        timeframe=series.timeframe, timezone=series.timezone, block_hashes=[row[0] for row in rows]
    )
    series.source_sha256 = ""
    series.bar_count += added
    series.block_count = len(rows)
    series.first_at = from_ns(rows[0][1])
    series.last_at = from_ns(rows[-1][2])
    series.updated_at = now
    series.save(
        update_fields=[
            "fingerprint",
            "source_sha256",
            "bar_count",
            "block_count",
            "first_at",
            "last_at",
            "updated_at",
        ]
    )
