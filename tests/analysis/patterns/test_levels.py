"""Support and resistance: touches that held make a level, a close beyond them breaks it, a way back tries it again."""

import pytest

from analysis.events import Event
from tests.analysis.patterns.shapes import bars_at, found

# Three highs at 20 with dips between, then through them, back to them, and on.
RESISTED = [0.0, 20.0, 8.0, 20.2, 10.0, 19.9, 12.0, 26.0, 20.3, 30.0]
LEAST = [12] * 9


def named(events: list[Event], name: str) -> list[Event]:
    return [event for event in events if event.name == name]


@pytest.mark.parametrize(("side", "name"), [(1, "resistance"), (-1, "support")])
def test_three_touches_make_a_level_known_with_the_third(side: int, name: str) -> None:
    events, turns = found("levels", [side * price for price in RESISTED], LEAST)
    touches = [turns[0], turns[2], turns[4]]
    (event,) = [event for event in named(events, name) if bars_at(event) == touches]
    assert event.bar == turns[4] + 5
    assert event.side == ("bearish" if side > 0 else "bullish")
    assert event.levels is not None
    prices = sorted(point.price for point in event.points)
    assert (event.levels["low"], event.levels["level"], event.levels["high"]) == tuple(prices)


@pytest.mark.parametrize("side", [1, -1])
def test_the_close_beyond_is_the_breakout_and_the_way_back_the_retest(side: int) -> None:
    events, turns = found("levels", [side * price for price in RESISTED], LEAST)
    touches = [turns[0], turns[2], turns[4]]
    (broken,) = [event for event in named(events, "level_breakout") if bars_at(event) == touches]
    assert turns[5] < broken.bar <= turns[6]
    (again,) = [event for event in named(events, "level_retest") if bars_at(event) == touches]
    assert turns[6] < again.bar <= turns[8]
    assert broken.side == again.side == ("bullish" if side > 0 else "bearish")
    assert broken.stop is not None
    assert broken.levels is not None
    assert (broken.levels["level"] - broken.stop) * side > 0


def test_a_price_that_was_passed_between_the_touches_is_no_level() -> None:
    events, turns = found("resistance", [0.0, 20.0, 8.0, 27.0, 8.0, 20.0, 8.0, 20.1, 5.0], [12] * 8)
    assert not [event for event in events if turns[0] in bars_at(event)]


def test_two_touches_are_enough_when_asked_for() -> None:
    few = [0.0, 20.0, 8.0, 20.2, 10.0]
    assert not [event for event in found("resistance", few, [12] * 4)[0] if event.points[0].bar > 60]
    events, turns = found("resistance(touches=2)", few, [12] * 4)
    assert [turns[0], turns[2]] in [bars_at(event) for event in events]


def test_a_level_that_is_touched_again_is_not_announced_again() -> None:
    events, turns = found("resistance", [0.0, *[20.0, 8.0] * 6], [12] * 12)
    with_it = [event for event in events if turns[2] in bars_at(event)]
    assert len(with_it) == 1
