"""The bars that a picture shows."""

import pytest

from charts.windows import AFTER, BEFORE, MAX_BARS, around, last
from tests.charts.given import DAY_MS, bars_of, candlestick, event


@pytest.mark.parametrize(("count", "begins"), [(20, 80), (100, 0), (600, 0)])
def test_the_last_bars_or_all_there_are(count: int, begins: int) -> None:
    assert last(bars_of([5.0] * 100), count) == slice(begins, 100)


def test_the_last_before_a_moment_and_never_none() -> None:
    bars = bars_of([5.0] * 100)
    assert last(bars, 20, 50 * DAY_MS) == slice(30, 50)
    assert last(bars, 20, 1_000 * DAY_MS) == slice(80, 100)
    assert last(bars, 20, -5) == slice(0, 1)


def test_no_more_than_a_picture_has() -> None:
    assert last(bars_of([5.0] * 2_000), 2_000) == slice(2_000 - MAX_BARS, 2_000)


def test_an_event_has_bars_before_its_first_point_and_after_its_confirmation() -> None:
    assert around(bars_of([5.0] * 300), event(at=140, points=(110, 130))) == slice(110 - BEFORE, 140 + AFTER)


def test_a_candlestick_begins_where_it_was_formed_and_the_series_has_ends() -> None:
    assert around(bars_of([5.0] * 12), candlestick(5)) == slice(0, 12)


def test_an_event_of_more_bars_than_a_picture_has_keeps_its_end() -> None:
    window = around(bars_of([5.0] * 2_000), event(at=1_500, points=(10, 1_490)))
    assert window == slice(1_500 + AFTER - MAX_BARS, 1_500 + AFTER)
