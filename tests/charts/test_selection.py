"""Which events are drawn: whole ones, shapes before candlesticks; and what is said of the others."""

import numpy as np

from charts.selection import MAX_SHAPES, select
from charts.windows import MARGIN
from tests.charts.given import DAY_MS, bars_of, candlestick, event

BARS = bars_of((100 + np.sin(np.arange(1_000))).tolist())


def test_a_shape_that_begins_before_the_window_starts_it_earlier() -> None:
    made = select(BARS, slice(800, 1_000), [event(at=810, points=(700, 720, 750, 780, 800))])
    assert made.window == slice(700 - MARGIN, 1_000)
    assert len(made.shapes) == 1
    assert made.notes == []


def test_a_shape_that_would_double_the_window_is_left_out_and_said() -> None:
    made = select(BARS, slice(800, 1_000), [event(at=810, points=(500, 800))])
    assert made.window == slice(800, 1_000)
    assert made.shapes == []
    assert made.notes == ["Of 1 patterns none is drawn, 1 would make the window too long; another one: event=e810"]


def test_the_newest_shapes_are_drawn_and_the_way_to_another_is_said() -> None:
    many = [event(at=at, points=(at - 9, at - 2)) for at in range(810, 900)]
    made = select(BARS, slice(800, 1_000), many)
    assert [one["id"] for one in made.shapes] == [f"e{at}" for at in range(900 - MAX_SHAPES, 900)]
    assert made.notes == [f"Of 90 patterns the newest {MAX_SHAPES} are drawn; another one: event=e893"]


def test_candlesticks_take_no_place_from_shapes() -> None:
    made = select(BARS, slice(800, 1_000), [event(at=810, points=(801, 809)), *map(candlestick, range(811, 999))])
    assert len(made.shapes) == 1
    assert len(made.candlesticks) == 188


def test_none_in_the_window_is_said_with_the_last_and_the_way_there() -> None:
    made = select(BARS, slice(800, 1_000), [event(at=at, points=(at - 9, at - 2)) for at in (100, 200, 300)])
    day = np.datetime_as_string(np.datetime64(300 * DAY_MS, "ms"), unit="D")
    assert made.notes == [f"0 of 3 patterns in this window, last before it gartley {day}: event=e300"]


def test_events_after_the_window_are_not_in_it() -> None:
    made = select(BARS, slice(100, 200), [event(at=900, points=(880, 890)), candlestick(950)])
    assert (made.shapes, made.candlesticks) == ([], [])
    assert len(made.notes) == 2
