"""Events: an immutable part, a history that only grows, and the shapes they are stored and shown in."""

import json
from dataclasses import replace

from analysis.events import Event, Point, StatusChange

DAY = 86_400_000_000_000
POINTS = (Point("first", 3, 3 * DAY, 10.0, 5 * DAY), Point("second", 9, 9 * DAY, 9.5, 11 * DAY))
EVENT = Event(
    name="double_bottom",
    kind="chart_pattern",
    side="bullish",
    score=0.75,
    bar=12,
    formed_at=9 * DAY,
    confirmed_at=12 * DAY,
    points=POINTS,
    ratios={"height": 4.0},
    targets=(12.0, 13.0),
    stop=9.0,
    entry_reference=11.0,
    remaining_to_target=1 / 11,
    reached_before_confirmation=False,
    history=(
        StatusChange("confirmed", 12, 12 * DAY),
        StatusChange("target", 15, 15 * DAY, 1),
        StatusChange("stop", 20, 20 * DAY),
    ),
)
CANDLE = Event(name="doji", kind="candlestick", side="neutral", score=1.0, bar=4, formed_at=DAY, confirmed_at=DAY)


def test_what_is_stored_is_read_back_the_same() -> None:
    for event in (EVENT, CANDLE):
        assert Event.read(json.loads(json.dumps(event.stored()))) == event


def test_a_candlestick_is_stored_and_shown_without_what_it_has_not() -> None:
    assert set(CANDLE.stored()) == {"name", "kind", "side", "score", "bar", "formed_at", "confirmed_at"}
    assert set(CANDLE.to_dict()) == {*CANDLE.stored(), "id", "baseline"}


def test_the_id_depends_on_name_side_and_points_only() -> None:
    later = Event.read({**EVENT.stored(), "score": 0.2, "bar": 14, "history": []})
    assert later.id == EVENT.id
    assert Event.read({**EVENT.stored(), "side": "bearish"}).id != EVENT.id
    assert Event.read({**EVENT.stored(), "points": [*POINTS[:1], POINTS[1]._replace(time=8 * DAY)]}).id != EVENT.id


def test_history_is_cut_where_the_bars_end() -> None:
    assert [entry.status for entry in EVENT.until(20).history] == ["confirmed", "target"]
    assert EVENT.until(21) is EVENT
    assert EVENT.to_dict()["history"][1] == {"status": "target", "bar": 15, "at": 15 * 86_400_000, "target": 1}


def test_events_made_by_the_thousand_are_as_any_other() -> None:
    (made,) = Event.marks("doji", "candlestick", [("neutral", 1.0, 4, DAY)])
    assert made == CANDLE
    assert (made.id, made.stored(), made.until(2)) == (CANDLE.id, CANDLE.stored(), CANDLE)


def test_a_ratio_is_answered_by_both_of_its_names_and_stored_as_in_1_1() -> None:
    event = replace(EVENT, ratios={"AB_XA": 0.618, "C1": 0.7}, errors={"AB_XA": 0.01}, source="rsi")
    assert event.to_dict()["ratios"] == {"AB_XA": 0.618, "C1": 0.7, "XB": 0.618}
    assert event.to_dict()["errors"] == {"AB_XA": 0.01, "XB": 0.01}
    stored = event.stored()
    assert (stored["ratios"], stored["errors"]) == ({"XB": 0.618, "C1": 0.7}, {"XB": 0.01})
    assert (stored["of"], "source" in stored) == ("rsi", False)
    assert Event.read(stored) == event
