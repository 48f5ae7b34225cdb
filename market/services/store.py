"""Store a whole series."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from analysis import Bars
from analysis.errors import Fault
from market.blocks import Columns, EncodedBlock, split
from market.errors import MarketError, SeriesInvalid
from market.fingerprints import series_fingerprint
from market.models import Adjustment, BarBlock, BarSeries, Instrument
from market.ownership import Owner, locked_instrument
from market.sessions import zone_of
from market.symbols import normalise_symbol
from market.time_conversion import from_ns
from market.timeframes import checked_timeframe


def store_series(
    *,
    owner: Owner,
    bars: Bars,
    symbol: str,
    timeframe: str,
    source: str,
    adjustment: str,
    now: datetime,
    name: str = "",
    timezone: str = "UTC",
    source_sha256: str = "",
) -> BarSeries:
    """Return the stored series, which replaces an earlier one of this owner, symbol and timeframe.

    An owner of None stores for everyone. Nothing is written to the blocks if the bars are those already
    there. Raises SymbolInvalid, or MarketError for no bars, an unknown timeframe, adjustment or time zone.
    """
    _check_facts(bars, symbol, timeframe, adjustment, timezone)
    symbol = normalise_symbol(symbol)
    blocks = list(split(columns_of(bars)))
    hashes = [block.sha256 for block in blocks]
    facts = {
        "source": _text(source),
        "source_sha256": source_sha256,
        "adjustment": adjustment,
        "timezone": timezone,
        "fingerprint": series_fingerprint(timeframe=timeframe, timezone=timezone, block_hashes=hashes),
        "bar_count": len(bars),
        "block_count": len(blocks),
        "first_at": from_ns(blocks[0].first_ns),
        "last_at": from_ns(blocks[-1].last_ns),
        "updated_at": now,
    }
    with transaction.atomic():
        instrument = _instrument(owner, symbol, name, now)
        series, created = BarSeries.objects.get_or_create(instrument=instrument, timeframe=timeframe, defaults=facts)
        same = not created and list(_stored_hashes(series)) == hashes
        if not same:
            BarBlock.objects.filter(series=series).delete()
            insert_blocks(series, blocks, first_position=0)
        BarSeries.objects.filter(pk=series.pk).update(**facts)
    for field, value in facts.items():
        setattr(series, field, value)
    series.instrument = instrument
    return series


def _check_facts(bars: Bars, symbol: str, timeframe: str, adjustment: str, timezone: str) -> None:
    faults = []
    checks = (("symbol", normalise_symbol, symbol), ("timeframe", checked_timeframe, timeframe))
    for field, check, value in (*checks, ("timezone", zone_of, timezone)):
        try:
            check(value)
        except MarketError as error:
            faults.append(Fault(f"/{field}", error.code, error.detail))
    if adjustment not in Adjustment.values:
        detail = f"The adjustment is one of {', '.join(Adjustment.values)}."
        faults.append(Fault("/adjustment", "unknown_adjustment", detail))
    if bars.timeframe not in (None, timeframe):
        detail = f"The bars are {bars.timeframe}, the series is {timeframe}."
        faults.append(Fault("/timeframe", "timeframe_differs", detail))
    if not len(bars):
        faults.append(Fault("/bars", "no_bars", "A series has at least one bar."))
    if faults:
        raise SeriesInvalid(faults)


def _text(text: str) -> str:
    # PostgreSQL's texts cannot hold a null character.
    return text.replace("\x00", "")[:200]


def columns_of(bars: Bars) -> Columns:
    """Return the bars' columns as blocks take them."""
    return Columns(bars.time, bars.open, bars.high, bars.low, bars.close, bars.volume)


def insert_blocks(series: BarSeries, blocks: list[EncodedBlock], *, first_position: int) -> None:
    """Insert the blocks as consecutive rows."""
    BarBlock.objects.bulk_create(
        (
            BarBlock(series=series, position=position, **asdict(block))
            for position, block in enumerate(blocks, start=first_position)
        ),
        batch_size=50,
    )


def _stored_hashes(series: BarSeries) -> list[str]:
    return list(BarBlock.objects.filter(series=series).order_by("position").values_list("sha256", flat=True))


def _instrument(owner: Owner, symbol: str, name: str, now: datetime) -> Instrument:
    Instrument.objects.get_or_create(
        owner_id=None if owner is None else owner.pk,
        symbol=symbol,
        defaults={"name": _text(name), "created_at": now},
    )
    instrument = locked_instrument(owner, symbol)
    if instrument is None:
        raise SeriesInvalid([Fault("/symbol", "unknown_owner", "The owner is being deleted.")])
    if name and instrument.name != _text(name):
        instrument.name = _text(name)
        instrument.save(update_fields=["name"])
    return instrument
