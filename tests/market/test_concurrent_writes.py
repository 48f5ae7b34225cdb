"""Several writers of one series at the same time, each with its own connection."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.contrib.auth.models import AbstractUser
from django.db import connection

from market.errors import AppendRefused, SeriesNotFound
from market.models import BarBlock, BarSeries, Instrument
from market.selectors import find_series, load_bars
from market.services import append_bars, delete_series, load_demo
from tests.bars import random_walk
from tests.market.made import NOW, assert_same, stored

WRITERS = 4

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(write: Callable[[int], str]) -> Counter[str]:
    """Return how often each outcome came out of four threads that started together."""
    barrier = Barrier(WRITERS)

    def run(number: int) -> str:
        try:
            barrier.wait(10)
            return write(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(WRITERS) as threads:
        return Counter(threads.map(run, range(WRITERS)))


def test_one_of_four_appends_the_next_bar(owner: AbstractUser) -> None:
    stored(owner)
    bars = random_walk(301).slice(300, 301)

    def write(number: int) -> str:
        try:
            append_bars(owner=owner, bars=bars, symbol="WALK", timeframe="1d", now=NOW)
        except AppendRefused as refused:
            return refused.code
        return "appended"

    assert at_once(write) == {"appended": 1, "not_after_stored": WRITERS - 1}
    loaded = load_bars(find_series(owner, "WALK", "1d"))
    assert_same(loaded.slice(0, 300), random_walk(300))
    assert_same(loaded.slice(300, 301), bars)


def test_four_store_and_one_of_them_is_whole(owner: AbstractUser) -> None:
    at_once(lambda number: str(stored(owner, count=5_000 + number, seed=number)))
    assert Instrument.objects.count() == BarSeries.objects.count() == 1
    series = find_series(owner, "WALK", "1d")
    number = series.bar_count - 5_000
    assert BarBlock.objects.count() == series.block_count == 2
    assert_same(load_bars(series), random_walk(5_000 + number, seed=number))


def test_storing_and_deleting_leave_all_or_nothing(owner: AbstractUser) -> None:
    def write(number: int) -> str:
        if number % 2:
            return str(stored(owner, seed=number))
        try:
            delete_series(owner=owner, symbol="WALK", timeframe="1d")
        except SeriesNotFound:
            return "nothing to delete"
        return "deleted"

    for _ in range(5):
        at_once(write)
        for series in BarSeries.objects.all():
            assert len(load_bars(series)) == series.bar_count == 300
        assert BarBlock.objects.count() == BarSeries.objects.count()


def test_four_load_the_demo() -> None:
    at_once(lambda number: str(load_demo(now=NOW).bar_count))
    assert BarSeries.objects.count() == 6
    assert sum(BarBlock.objects.values_list("count", flat=True)) == 22_020
