"""The bars that a picture shows."""

import numpy as np
import pytest

from analysis import Bars
from charts.windows import AFTER, BEFORE, around, last

MS = 86_400_000


def bars_of(count: int) -> Bars:
    price = np.full(count, 5.0)
    time = MS * 1_000_000 * np.arange(count, dtype=np.int64)
    return Bars(time=time, open=price, high=price, low=price, close=price, timeframe="1d")


@pytest.mark.parametrize(("count", "begins"), [(20, 80), (100, 0), (600, 0)])
def test_the_last_bars_or_all_there_are(count: int, begins: int) -> None:
    assert last(bars_of(100), count) == slice(begins, 100)


def test_an_event_has_bars_before_its_first_point_and_after_its_confirmation() -> None:
    points = [{"time": 130 * MS}, {"time": 110 * MS}]
    event = {"formed_at": 120 * MS, "confirmed_at": 140 * MS, "points": points}
    assert around(bars_of(300), event) == slice(110 - BEFORE, 140 + AFTER)


def test_a_candlestick_begins_where_it_was_formed_and_the_series_has_ends() -> None:
    assert around(bars_of(12), {"formed_at": 4 * MS, "confirmed_at": 5 * MS}) == slice(0, 12)
