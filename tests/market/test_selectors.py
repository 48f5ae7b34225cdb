from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import AbstractUser
from pytest_django import DjangoAssertNumQueries

from market.blocks import BLOCK_BARS
from market.errors import (
    BlockDamaged,
    SeriesChanged,
    SeriesNotFound,
    SymbolsUnknown,
    TimeframeUnknown,
    UniverseNotFound,
)
from market.models import BarBlock, BarSeries, Instrument
from market.selectors import find_series, find_universe, load_bars, load_many, resolve, visible_series
from market.services import delete_universe, put_universe
from tests.bars import random_walk
from tests.market.made import NOW, assert_same, stored

pytestmark = pytest.mark.django_db

COUNT = 2 * BLOCK_BARS + 100
FIRST = datetime(2020, 1, 1, tzinfo=UTC)


def day(number: int) -> datetime:
    return FIRST + timedelta(days=number)


# ── Who sees what ────────────────────────────────────────────────────────────────────────────────────────


def test_one_sees_ones_own_and_the_shared_and_nothing_else(owner: AbstractUser, stranger: AbstractUser) -> None:
    shared, own = stored(None, "A"), stored(owner, "B")
    stored(stranger, "C")
    assert set(visible_series(owner)) == {shared, own}
    assert set(visible_series(None)) == {shared}
    with pytest.raises(SeriesNotFound):
        find_series(owner, "C", "1d")


def test_the_own_series_hides_the_shared_one_of_its_timeframe_only(owner: AbstractUser, stranger: AbstractUser) -> None:
    shared = stored(None, "A")
    weekly = stored(None, "A", timeframe="1w")
    own = stored(owner, "A", seed=2)
    assert set(visible_series(owner)) == {own, weekly}
    assert set(visible_series(stranger)) == {shared, weekly}
    assert find_series(owner, "A", "1d") == own


@pytest.mark.parametrize(("symbol", "timeframe"), [("B", "1d"), ("A", "1w"), ("A", "\x00"), ("\x00", "1d"), ("", "")])
def test_what_is_not_there_is_not_found(symbol: str, timeframe: str) -> None:
    stored(None, "A")
    with pytest.raises(SeriesNotFound):
        find_series(None, symbol, timeframe)


# ── Bars of one series ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("last", [1, 99, 100, 101, BLOCK_BARS + 100, BLOCK_BARS + 101, COUNT, COUNT + 1])
def test_the_last_bars(last: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    series, bars = stored(None, count=COUNT), random_walk(COUNT)
    with django_assert_num_queries(1):
        loaded = load_bars(series, last=last)
    assert_same(loaded, bars.slice(max(0, COUNT - last), COUNT))
    assert (loaded.symbol, loaded.timeframe) == ("WALK", "1d")


@pytest.mark.parametrize(
    ("start", "stop"),
    [(0, COUNT), (0, 1), (10, 20), (4_000, 4_200), (4_096, 8_192), (8_191, 8_193), (-50, 5), (COUNT - 5, COUNT + 50)],
)
@pytest.mark.parametrize("last", [None, 3, 5_000])
def test_a_range_has_its_start_and_not_its_end(start: int, stop: int, last: int | None) -> None:
    series, bars = stored(None, count=COUNT), random_walk(COUNT)
    low, high = max(0, start), min(COUNT, stop)
    low = low if last is None else max(low, high - last)
    assert_same(load_bars(series, start=day(start), end=day(stop), last=last), bars.slice(low, high))


def test_a_start_between_two_bars() -> None:
    loaded = load_bars(stored(None), start=day(10) - timedelta(hours=1), end=day(11) + timedelta(hours=1))
    assert_same(loaded, random_walk(300).slice(10, 12))


def test_only_the_blocks_of_the_range_are_read() -> None:
    series = stored(None, count=COUNT)
    BarBlock.objects.filter(series=series, position=0).update(data=b"rubbish")
    load_bars(series, last=BLOCK_BARS + 100)
    load_bars(series, start=day(BLOCK_BARS))
    with pytest.raises(BlockDamaged):
        load_bars(series, last=BLOCK_BARS + 101)
    with pytest.raises(BlockDamaged):
        load_bars(series, end=day(1))


def test_sessions_are_the_calendar_days_of_the_zone() -> None:
    assert load_bars(stored(None, timezone="America/New_York")).session is None  # daily: the date is in the time
    loaded = load_bars(stored(None, timeframe="1h", timezone="America/New_York"))
    assert loaded.session is not None
    assert loaded.session[0] == 18_261  # 2019-12-31, the day in New York at 00:00 UTC of 2020-01-01


# ── Many symbols at once ─────────────────────────────────────────────────────────────────────────────────


def test_resolve_keeps_the_asked_order_and_names_each_once(owner: AbstractUser) -> None:
    series = {symbol: stored(None, symbol, seed=seed) for seed, symbol in enumerate("ABC")}
    own = stored(owner, "B", seed=9)
    found = resolve(owner, symbols=["C", "b", "A", "C"], timeframe="1d")
    assert [ref.symbol for ref in found] == ["C", "B", "A"]
    assert found[1] == ("B", own.pk, own.fingerprint, 300, "raw")
    assert found[0].series_id == series["C"].pk


def test_resolve_a_universe(owner: AbstractUser, stranger: AbstractUser) -> None:
    for symbol in "ABC":
        stored(None, symbol)
    put_universe(owner=None, name="all", symbols=["A", "B", "C"], now=NOW)
    put_universe(owner=owner, name="all", symbols=["C", "A"], now=NOW)
    assert [ref.symbol for ref in resolve(owner, universe="all", timeframe="1d")] == ["C", "A"]
    assert [ref.symbol for ref in resolve(stranger, universe="all", timeframe="1d")] == ["A", "B", "C"]
    delete_universe(owner=owner, name="all")
    assert find_universe(owner, "all").symbols == ["A", "B", "C"]
    with pytest.raises(UniverseNotFound):
        delete_universe(owner=owner, name="all")
    for name in ("none", "a\x00b"):
        with pytest.raises(UniverseNotFound):
            resolve(owner, universe=name, timeframe="1d")


def test_every_unknown_symbol_is_named() -> None:
    stored(None, "A")
    with pytest.raises(SymbolsUnknown) as refused:
        resolve(None, symbols=["A", "nope", "A B", "\x00"], timeframe="1d")
    assert refused.value.symbols == ["NOPE", "A B", "\x00"]
    assert [fault.pointer for fault in refused.value.faults] == ["/symbols/1", "/symbols/2", "/symbols/3"]
    with pytest.raises(SymbolsUnknown):
        resolve(None, symbols=["A"], timeframe="1w")
    with pytest.raises(TimeframeUnknown):
        resolve(None, symbols=["A"], timeframe="\x00")


def test_five_thousand_symbols_take_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    instruments = Instrument.objects.bulk_create(
        Instrument(symbol=f"S{number}", created_at=NOW) for number in range(5_000)
    )
    facts = {"timeframe": "1d", "source": "", "adjustment": "raw", "fingerprint": "f", "updated_at": NOW}
    counts = {"bar_count": 1, "block_count": 1, "first_at": NOW, "last_at": NOW}
    BarSeries.objects.bulk_create(BarSeries(instrument=one, **facts, **counts) for one in instruments)
    symbols = [f"S{number}" for number in reversed(range(5_000))]
    with django_assert_num_queries(1):
        found = resolve(None, symbols=symbols, timeframe="1d")
    assert [ref.symbol for ref in found] == symbols
    put_universe(owner=None, name="all", symbols=symbols, now=NOW)
    with django_assert_num_queries(2):
        assert len(resolve(None, universe="all", timeframe="1d")) == 5_000


@pytest.mark.parametrize("last", [None, 1, 150, 5_000])
def test_load_many_takes_two_queries(last: int | None, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    counts = {"A": 10, "B": 150, "C": COUNT}
    ids = [stored(None, symbol, count=count, seed=count).pk for symbol, count in counts.items()][::-1]
    with django_assert_num_queries(2):
        loaded = list(load_many([*ids, 10**9], last=last))
    assert [series_id for series_id, _ in loaded] == ids
    for (_, bars), (symbol, count) in zip(reversed(loaded), counts.items(), strict=True):
        start = 0 if last is None else max(0, count - last)
        assert bars.symbol == symbol
        assert_same(bars, random_walk(count, seed=count).slice(start, count))


def test_load_many_reads_no_block_it_does_not_need() -> None:
    series = stored(None, count=COUNT)
    BarBlock.objects.filter(series=series).exclude(position=2).update(data=b"rubbish")
    [(_, bars)] = load_many([series.pk], last=100)
    assert len(bars) == 100


def test_a_damaged_series_does_not_stop_the_others() -> None:
    good, bad, changed = (stored(None, symbol, seed=seed) for seed, symbol in enumerate("ABC"))
    BarBlock.objects.filter(series=bad).update(data=b"rubbish")
    expected = {good.pk: good.fingerprint, changed.pk: "0" * 64}
    faults: dict[int, Exception] = {}
    ids = [bad.pk, good.pk, changed.pk]
    loaded = list(load_many(ids, fingerprints=expected, on_fault=faults.__setitem__))
    assert [series_id for series_id, _ in loaded] == [good.pk]
    assert {key: type(error) for key, error in faults.items()} == {bad.pk: BlockDamaged, changed.pk: SeriesChanged}
    with pytest.raises(BlockDamaged):
        list(load_many([bad.pk]))


def test_a_long_list_is_read_in_batches(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    ids = [stored(None, f"S{number}", count=5, seed=number).pk for number in range(150)]
    with django_assert_max_num_queries(3):
        assert [series_id for series_id, _ in load_many(ids)] == ids
