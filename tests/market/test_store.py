import numpy as np
import pytest
from django.contrib.auth.models import AbstractUser
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from analysis import Bars
from market.blocks import BLOCK_BARS
from market.errors import AppendRefused, BlockDamaged, SeriesInvalid, SeriesNotFound, SymbolInvalid
from market.models import BarBlock, BarSeries, Instrument
from market.selectors import find_series, load_bars
from market.services import append_bars, delete_series, store_series
from tests.bars import random_walk
from tests.market.made import NOW, assert_same, part, stored

pytestmark = pytest.mark.django_db


def blocks_of(series: BarSeries) -> list[BarBlock]:
    return list(BarBlock.objects.filter(series=series).order_by("position"))


@pytest.mark.parametrize("count", [1, BLOCK_BARS, BLOCK_BARS + 1, 3 * BLOCK_BARS - 1])
def test_what_is_stored_is_what_is_loaded(owner: AbstractUser, count: int) -> None:
    series = stored(owner, count=count)
    bars = random_walk(count)
    assert_same(load_bars(find_series(owner, "WALK", "1d")), bars)
    assert series.bar_count == count
    assert series.block_count == len(blocks_of(series)) == -(-count // BLOCK_BARS)
    assert series.first_at.isoformat() == "2020-01-01T00:00:00+00:00"
    series.refresh_from_db()
    assert series.last_at.timestamp() * 10**9 == bars.time[-1]


def test_bars_without_volume_come_back_without(owner: AbstractUser) -> None:
    bars = part(random_walk(50), 0, 50, volume=None)
    series = store_series(owner=owner, bars=bars, symbol="X", timeframe="1d", source="", adjustment="raw", now=NOW)
    assert load_bars(series).volume is None


def test_storing_replaces(owner: AbstractUser) -> None:
    first = stored(owner, count=5_000)
    second = stored(owner, count=100, seed=2, adjustment="split")
    assert second.pk == first.pk
    assert second.fingerprint != first.fingerprint
    assert second.adjustment == "split"
    assert_same(load_bars(find_series(owner, "WALK", "1d")), random_walk(100, seed=2))
    assert Instrument.objects.count() == BarSeries.objects.count() == BarBlock.objects.count() == 1


def test_storing_the_same_bars_again_leaves_the_blocks_alone(owner: AbstractUser) -> None:
    first = stored(owner, count=5_000)
    before = [block.pk for block in blocks_of(first)]
    second = stored(owner, count=5_000, source="another name")
    assert [block.pk for block in blocks_of(second)] == before
    assert second.fingerprint == first.fingerprint
    assert find_series(owner, "WALK", "1d").source == "another name"


def test_the_fingerprint_is_of_what_an_analysis_sees(owner: AbstractUser) -> None:
    fingerprints = [
        stored(owner).fingerprint,
        stored(owner, seed=2).fingerprint,
        stored(owner, count=299).fingerprint,
        stored(owner, timeframe="1w").fingerprint,
        stored(owner, timezone="America/New_York").fingerprint,
    ]
    assert len(set(fingerprints)) == len(fingerprints)
    assert stored(owner, "OTHER", source="else", adjustment="total").fingerprint == fingerprints[0]


def test_one_symbol_is_one_symbol_in_any_case(owner: AbstractUser) -> None:
    assert stored(owner, "btc/usdt").pk == stored(owner, " BTC/USDT ").pk
    assert find_series(owner, "Btc/Usdt", "1d").instrument.symbol == "BTC/USDT"


def test_everything_that_is_wrong_is_named_and_nothing_is_stored(owner: AbstractUser) -> None:
    values = {"timeframe": "7q", "source": "", "adjustment": "magic", "timezone": "Mars/Olympus", "now": NOW}
    with pytest.raises(SeriesInvalid) as refused:
        store_series(owner=owner, bars=random_walk(3), symbol="A B", **values)
    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [
        ("/symbol", "invalid_symbol"),
        ("/timeframe", "unknown_timeframe"),
        ("/timezone", "unknown_timezone"),
        ("/adjustment", "unknown_adjustment"),
        ("/timeframe", "timeframe_differs"),
    ]
    assert not Instrument.objects.exists()


@pytest.mark.parametrize("symbol", ["", " ", "A B", "A\x00", "Ä", "../etc", "A" * 41, None, 5])
def test_symbols_that_cannot_be_one(owner: AbstractUser, symbol: str) -> None:
    with pytest.raises(SeriesInvalid):
        stored(owner, symbol)


def test_a_series_of_its_own_for_every_owner(owner: AbstractUser, stranger: AbstractUser) -> None:
    ids = {stored(user, seed=seed).pk for seed, user in enumerate((None, owner, stranger))}
    assert len(ids) == 3


def test_a_null_character_in_a_text_is_dropped(owner: AbstractUser) -> None:
    series = stored(owner, source="a\x00b", name="c\x00d")
    series.refresh_from_db()
    assert (series.source, series.instrument.name) == ("ab", "cd")


# ── Append ───────────────────────────────────────────────────────────────────────────────────────────────


def append(owner: AbstractUser | None, bars: Bars, **options: bool) -> BarSeries:
    return append_bars(owner=owner, bars=bars, symbol="WALK", timeframe="1d", now=NOW, **options)


@pytest.mark.parametrize(
    "cuts", [[100, 101], [BLOCK_BARS], [BLOCK_BARS - 1, BLOCK_BARS, 2 * BLOCK_BARS + 5], [1, 2, 3]]
)
def test_appending_in_pieces_is_storing_at_once(owner: AbstractUser, cuts: list[int]) -> None:
    bars = random_walk(3 * BLOCK_BARS)
    whole = stored(None, count=3 * BLOCK_BARS)
    store_series(
        owner=owner, bars=bars.slice(0, cuts[0]), symbol="WALK", timeframe="1d", source="", adjustment="raw", now=NOW
    )
    for start, stop in zip(cuts, [*cuts[1:], len(bars)], strict=True):
        series = append(owner, bars.slice(start, stop))
    assert series.fingerprint == whole.fingerprint
    assert (series.bar_count, series.block_count) == (whole.bar_count, whole.block_count)
    assert (series.first_at, series.last_at) == (whole.first_at, whole.last_at)
    assert [block.sha256 for block in blocks_of(series)] == [block.sha256 for block in blocks_of(whole)]
    assert_same(load_bars(series), bars)


def test_appending_rewrites_only_the_last_block(owner: AbstractUser) -> None:
    bars = random_walk(3 * BLOCK_BARS)
    series = stored(owner, count=2 * BLOCK_BARS + 10)
    before = blocks_of(series)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        append(owner, bars.slice(2 * BLOCK_BARS + 10, 2 * BLOCK_BARS + 20))
    after = blocks_of(series)
    assert [block.pk for block in after[:2]] == [block.pk for block in before[:2]]
    assert after[2].sha256 != before[2].sha256
    assert after[2].count == 20
    reads = [query["sql"] for query in queries if '"data"' in query["sql"] and query["sql"].startswith("SELECT")]
    assert len(reads) == 1


def test_a_full_last_block_is_left_alone(owner: AbstractUser) -> None:
    bars = random_walk(BLOCK_BARS + 1)
    series = stored(owner, count=BLOCK_BARS)
    before = blocks_of(series)
    append(owner, bars.slice(BLOCK_BARS, BLOCK_BARS + 1))
    after = blocks_of(series)
    assert [block.count for block in after] == [BLOCK_BARS, 1]
    assert after[0].sha256 == before[0].sha256


@pytest.mark.parametrize("start", [0, 298, 299])
def test_bars_that_are_not_later_are_refused(owner: AbstractUser, start: int) -> None:
    series = stored(owner)
    with pytest.raises(AppendRefused) as refused:
        append(owner, random_walk(310, seed=2).slice(start, 310))
    assert refused.value.code == "not_after_stored"
    assert_same(load_bars(series), random_walk(300))


def test_the_last_bar_may_be_replaced_when_that_is_said(owner: AbstractUser) -> None:
    stored(owner)
    newer = random_walk(305, seed=2)
    series = append(owner, newer.slice(299, 305), replace_last=True)
    assert series.bar_count == 305
    loaded = load_bars(series)
    assert_same(loaded.slice(0, 299), random_walk(300).slice(0, 299))
    assert_same(loaded.slice(299, 305), newer.slice(299, 305))


def test_the_only_bar_may_be_replaced(owner: AbstractUser) -> None:
    stored(owner, count=1)
    series = append(owner, random_walk(1, seed=2), replace_last=True)
    assert series.bar_count == 1
    assert_same(load_bars(series), random_walk(1, seed=2))


def test_replacing_reaches_no_further_than_the_last_bar(owner: AbstractUser) -> None:
    stored(owner)
    with pytest.raises(AppendRefused):
        append(owner, random_walk(305).slice(298, 305), replace_last=True)


def test_appending_clears_the_hash_of_the_file(owner: AbstractUser) -> None:
    stored(owner, source_sha256="a" * 64)
    append(owner, random_walk(301).slice(300, 301))
    assert find_series(owner, "WALK", "1d").source_sha256 == ""


def test_another_timeframe_is_refused(owner: AbstractUser) -> None:
    stored(owner)
    with pytest.raises(AppendRefused) as refused:
        append_bars(owner=owner, bars=random_walk(301).slice(300, 301), symbol="WALK", timeframe="1w", now=NOW)
    assert refused.value.code == "timeframe_differs"


def test_volume_that_starts_or_stops_is_unknown_where_it_is_not(owner: AbstractUser) -> None:
    stored(owner)
    more = random_walk(310)
    loaded = load_bars(append(owner, part(more, 300, 305, volume=None)))
    assert loaded.volume is not None
    assert np.isnan(loaded.volume[300:]).all()
    assert not np.isnan(loaded.volume[:300]).any()


def test_nobody_appends_to_what_is_not_theirs(owner: AbstractUser, stranger: AbstractUser) -> None:
    stored(None)
    stored(stranger)
    with pytest.raises(SeriesNotFound):
        append(owner, random_walk(301).slice(300, 301))


def test_a_damaged_block_is_not_built_upon(owner: AbstractUser) -> None:
    series = stored(owner)
    BarBlock.objects.filter(series=series).update(data=b"rubbish")
    with pytest.raises(BlockDamaged):
        append(owner, random_walk(301).slice(300, 301))
    assert find_series(owner, "WALK", "1d").bar_count == 300


# ── Delete ───────────────────────────────────────────────────────────────────────────────────────────────


def test_deleting_the_own_series_shows_the_shared_one_again(owner: AbstractUser) -> None:
    shared = stored(None, seed=1)
    own = stored(owner, seed=2)
    assert find_series(owner, "WALK", "1d") == own
    delete_series(owner=owner, symbol="walk", timeframe="1d")
    assert find_series(owner, "WALK", "1d") == shared
    assert BarBlock.objects.count() == 1


def test_an_instrument_stays_with_its_name(owner: AbstractUser) -> None:
    stored(owner, name="A walk")
    delete_series(owner=owner, symbol="WALK", timeframe="1d")
    assert stored(owner).instrument.name == "A walk"


def test_nobody_deletes_what_is_not_theirs(owner: AbstractUser, stranger: AbstractUser) -> None:
    stored(None)
    stored(stranger)
    with pytest.raises(SeriesNotFound):
        delete_series(owner=owner, symbol="WALK", timeframe="1d")
    with pytest.raises(SymbolInvalid):
        delete_series(owner=owner, symbol="\x00", timeframe="1d")


# ── The database holds the rules by itself ───────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "change",
    [
        {"adjustment": "magic"},
        {"bar_count": 0},
        {"block_count": 0},
        {"last_at": NOW.replace(year=1990)},
    ],
)
def test_impossible_facts_are_refused_by_the_database(owner: AbstractUser, change: dict[str, object]) -> None:
    series = stored(owner)
    with pytest.raises(IntegrityError), transaction.atomic():
        BarSeries.objects.filter(pk=series.pk).update(**change)


@pytest.mark.parametrize("change", [{"count": 0}, {"count": BLOCK_BARS + 1}, {"last_ns": -1}])
def test_impossible_blocks_are_refused_by_the_database(owner: AbstractUser, change: dict[str, int]) -> None:
    series = stored(owner)
    with pytest.raises(IntegrityError), transaction.atomic():
        BarBlock.objects.filter(series=series).update(**change)


@pytest.mark.parametrize("shared", [True, False])
def test_a_symbol_comes_once_per_owner(owner: AbstractUser, shared: bool) -> None:
    values = {"owner": None if shared else owner, "symbol": "A", "created_at": NOW}
    Instrument.objects.create(**values)
    with pytest.raises(IntegrityError), transaction.atomic():
        Instrument.objects.create(**values)
