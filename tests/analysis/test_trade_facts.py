"""What stands beside an event for who trades on it: of the bars around it, known when it is, and kept."""

import json

import numpy as np
import pytest

from analysis import Plan, codec, run, stored_events
from analysis.bars import Bars
from analysis.event_list import EventList
from analysis.events import Event, Point, TradeFacts
from analysis.kernels.average_range import average_range
from analysis.result import Result
from analysis.stored_events import stored_with_facts
from analysis.trade_facts import SAME, scale_of
from analysis.validation import series
from analysis.validation.entry_checks import LATER_NS
from tests.analysis.shipped import demo

# Of `levels` those that are not columns as well: what a bar of structure marks is no plan to trade by.
LEVELS = ["support", "resistance", "level_breakout", "level_retest"]
STRUCTURE = ["fair_value_gap", "order_block", "break_of_structure", "change_of_character"]
SHAPES = Plan.parse(["chart_patterns", "harmonic", "elliott", "divergence", *LEVELS])


@pytest.fixture(scope="module")
def bars() -> Bars:
    return demo("AAPL", 1_500)


@pytest.fixture(scope="module")
def result(bars: Bars) -> Result:
    return run(SHAPES, bars, now_ns=LATER_NS)


def facts(event: Event) -> TradeFacts:
    assert event.facts is not None
    return event.facts


def test_entry_volume_and_trend_are_those_of_the_bars(result: Result, bars: Bars) -> None:
    atr = average_range(bars.high, bars.low, bars.close, 14)
    assert bars.volume is not None
    assert len(result.events) > 100
    trends = 0
    for event in result.events:
        first, last, told = event.points[0].bar, event.points[-1].bar, facts(event)
        assert told.entry == (bars.open[event.bar + 1] if event.bar + 1 < len(bars) else None)
        if event.bar >= 20:
            usual = sum(bars.volume[event.bar - 20 : event.bar].tolist()) / 20
            assert told.volume_ratio == pytest.approx(bars.volume[event.bar] / usual, abs=1e-4)
        span = max(20, min(200, last - first))
        if first >= span:
            trends += 1
            assert told.trend_before == pytest.approx(
                (bars.close[first] - bars.close[first - span]) / atr[first], abs=1e-4
            )
        else:
            assert told.trend_before is None
    assert trends > 50


def test_reward_to_risk_is_from_the_confirming_close(result: Result) -> None:
    stated = [event for event in result.events if event.reward_to_risk is not None]
    assert len(stated) > 50
    for event in stated:
        sign = 1 if event.side == "bullish" else -1
        reward = (event.targets[0] - event.entry_reference) * sign  # type: ignore[operator]
        risk = (event.entry_reference - event.stop) * sign  # type: ignore[operator]
        assert event.reward_to_risk == pytest.approx(reward / risk)
        assert reward > 0 < risk
    assert not [event for event in stated if event.reached_before_confirmation]


def test_events_on_the_same_bars_name_those_that_were_there_before(result: Result) -> None:
    events = list(result.events)
    by_id = {event.id: event for event in events}
    pairs = 0
    for event in events:
        first, last = event.points[0].bar, event.points[-1].bar
        expected = set()
        for other in events:
            start, end = other.points[0].bar, other.points[-1].bar
            both = min(end, last) - max(start, first) + 1
            either = (end - start + 1) + (last - first + 1) - both
            is_level = other.kind == event.kind == "levels"
            if both >= SAME * either and other.name != event.name and other.bar <= event.bar and not is_level:
                expected.add(other.id)
        assert set(facts(event).same_as) == expected
        known = [by_id[twin].bar for twin in facts(event).same_as]
        assert known == sorted(known)
        pairs += len(expected)
    assert pairs > 10


def test_a_cup_is_told_to_be_the_inverse_head_and_shoulders_on_its_bars() -> None:
    names = set()
    for symbol in ("AAPL", "IBM", "MSFT", "GOOG", "SPX", "IXIC"):
        events = run(Plan.parse(["chart_patterns"]), demo(symbol, 5_000), now_ns=LATER_NS).events
        by_id = {event.id: event.name for event in events}
        names |= {frozenset((event.name, by_id[twin])) for event in events for twin in facts(event).same_as}
    assert frozenset(("cup_with_handle", "inverse_head_and_shoulders")) in names
    assert any("double_top" in pair and any("triangle" in name for name in pair) for pair in names)


def test_facts_but_the_entry_are_known_when_the_event_is(result: Result, bars: Bars) -> None:
    whole = {event.id: facts(event) for event in result.events}
    for cut in (700, 1_000, 1_300):
        now = run(SHAPES, bars[:cut], now_ns=LATER_NS).events
        assert len(now) > 20
        for event in now:
            assert facts(event)._replace(entry=None) == whole[event.id]._replace(entry=None)


def test_without_volume_there_is_no_ratio_and_too_early_no_trend() -> None:
    found = run(SHAPES, series.changed(demo("AAPL", 400), volume=None), now_ns=LATER_NS).events
    assert found
    assert {facts(event).volume_ratio for event in found} == {None}
    assert facts(found[0]).trend_before is None or found[0].points[0].bar >= 20


def test_the_scale_is_told_and_other_parameters_were_not_measured() -> None:
    bars = demo("AAPL", 1_500)
    for asked, scale in (
        ("double_top", "classic"),
        ("double_top(scale=short)", "short"),
        ("double_top(near_atr=0.6)", None),
        ("support", ""),
        ("support(touches=2)", None),
    ):
        plan = Plan.parse([asked])
        events = run(plan, bars, now_ns=LATER_NS).events
        assert events, asked
        assert {facts(event).scale for event in events} == {scale}
        shown = run(plan, bars, now_ns=LATER_NS).to_dict()["events"][0]
        assert (shown["baseline"] is None) == (scale is None)
        (_, (call, *_)), *_ = plan.patterns
        assert scale_of(call.spec, call.arguments) == scale


def test_figures_of_another_timeframe_do_not_stand_beside_an_event() -> None:
    bars = series.changed(demo("AAPL", 600), timeframe="1w")
    shown = run(Plan.parse(["double_top(scale=short)", "doji"]), bars, now_ns=LATER_NS).to_dict()["events"]
    assert {event["baseline"] for event in shown} == {None}
    assert {event["bars_to_target"] for event in shown if "points" in event} == {None}


@pytest.mark.parametrize("few", [0, 10_000])
def test_facts_are_kept_with_the_result(result: Result, few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored_events, "FEW", few)
    packed = codec.pack([result])
    (again,) = codec.unpack(packed)
    assert [event.facts for event in again.events] == [event.facts for event in result.events]
    assert again.to_dict()["events"] == result.to_dict()["events"]
    assert [event.facts for event in again.events[5:9]] == [event.facts for event in result.events[5:9]]
    assert again.events[-1].facts == result.events[-1].facts
    later = again.events.confirmed(int(result.time[900]), None)
    assert [event.facts for event in later] == [event.facts for event in result.events if event.bar >= 900]
    assert codec.pack([again]) == packed


def test_an_older_release_reads_the_events_and_this_one_what_that_wrote(result: Result) -> None:
    stored, beside = stored_with_facts(result.events)
    assert len(beside) == len(stored)
    names = {"name", "kind", "side", "score", "bar", "formed_at", "confirmed_at", "of", "points", "ratios", "errors"}
    names |= {"levels", "prz", "targets", "stop", "entry_reference", "remaining_to_target", "history"}
    names |= {"reached_before_confirmation"}  # what 1.1 knew; anything else it could not read
    assert set().union(*stored) <= names
    old = [Event.read(json.loads(json.dumps(one))) for one in stored]
    shown = Result("A", "1d", result.time, {}, {}, "1", events=EventList.of(old)).to_dict()["events"]
    assert {(event["entry"], event["volume_ratio"], event["baseline"]) for event in shown} == {(None, None, None)}
    assert shown[0]["reward_to_risk"] == result.events[0].reward_to_risk  # made of what was there


@pytest.mark.parametrize("facts_of_one", [[1.0], [None, None, None, 5, ""], ["x", None, None, [], ""], {"entry": 1}])
def test_damaged_facts_are_no_result(result: Result, facts_of_one: object) -> None:
    packed = codec.pack([result])
    size = int.from_bytes(packed[4:12], "little")
    header = json.loads(packed[12 : 12 + size])
    header[0]["events_facts"]["0"] = facts_of_one
    text = json.dumps([{"events_facts": header[0].pop("events_facts"), **header[0]}]).encode()
    text += b" " * (-(len(text) + 12) % 8)
    with pytest.raises(codec.CodecError):
        codec.unpack(packed[:4] + len(text).to_bytes(8, "little") + text + packed[12 + size :])


def test_marks_of_one_bar_have_none_unless_a_parameter_was_given() -> None:
    bars = series.rough(400)
    plain = run(Plan.parse(["hammer"]), bars, now_ns=LATER_NS)
    assert {event.facts for event in plain.events} == {None}
    assert plain.to_dict()["events"][0]["baseline"] is not None
    asked = run(Plan.parse(["hammer(trend=down)"]), bars, now_ns=LATER_NS)
    assert {facts(event).scale for event in asked.events} == {None}
    assert asked.to_dict()["events"][0]["baseline"] is None
    (again,) = codec.unpack(codec.pack([asked]))
    assert again.to_dict()["events"] == asked.to_dict()["events"]


def test_open_events_come_with_the_asked_bars(result: Result, bars: Bars) -> None:
    ended, older = ("stop", "expired", "failed"), 0
    for count in range(600, 1_500, 75):
        whole = run(SHAPES, bars[:count], now_ns=LATER_NS)
        recent = run(SHAPES, bars[:count], now_ns=LATER_NS, output=60, keep_open=True)
        assert len(recent.time) == 60
        first, ids = count - 60, [event.id for event in recent.events]
        for event in whole.events:
            if event.bar >= first:
                assert event.id in ids
            elif event.history[-1].status in ended:
                assert event.id not in ids
            elif event.history[-1].status == "confirmed":
                assert event.id in ids
                older += 1
        assert [one["id"] for one in recent.to_dict()["events"]] == ids
        (again,) = codec.unpack(codec.pack([recent]))
        assert [one["id"] for one in again.to_dict()["events"]] == ids
    assert older > 2


@pytest.mark.parametrize("asked", [*STRUCTURE, "fair_value_gap(side=bearish)", "order_block(side=bullish)"])
def test_what_marks_structure_is_answered_while_it_is_open(asked: str, bars: Bars) -> None:
    plan = Plan.parse([asked])
    older = 0
    for count in (400, 900, 1_400):
        whole = run(plan, bars[:count], now_ns=LATER_NS).events
        recent = run(plan, bars[:count], now_ns=LATER_NS, output=20, keep_open=True).events
        expected = [one for one in whole if one.bar >= count - 20 or one.history[-1].status == "confirmed"]
        assert list(recent) == expected
        assert len(recent) == len(expected)
        older += sum(one.bar < count - 20 for one in recent)
        unclosed = run(plan, bars[:count], now_ns=int(bars.time[count - 1]) + 1, output=21, keep_open=True).events
        before = run(plan, bars[: count - 1], now_ns=LATER_NS, output=20, keep_open=True).events
        assert list(unclosed) == list(before)  # what the open bar would end is open
    assert older


def test_a_mark_is_never_open_after_its_bar() -> None:
    recent = run(Plan.parse(["candlesticks"]), series.rough(400), now_ns=LATER_NS, output=10, keep_open=True)
    assert {event.bar for event in recent.events} <= set(range(390, 400))


def test_an_event_without_points_has_no_twin() -> None:
    mark = Event(name="doji", kind="candlestick", side="neutral", score=1.0, bar=4, formed_at=4, confirmed_at=4)
    assert mark.reward_to_risk is None
    shape = Event(
        name="x", kind="levels", side="bullish", score=1, bar=4, formed_at=4, confirmed_at=4,
        points=(Point("1", 1, 1, 1.0, 2),), targets=(2.0,), stop=3.0, entry_reference=1.0,
    )  # fmt: skip
    assert shape.reward_to_risk is None  # the stop lies on the wrong side
    assert np.isfinite(Event.of_fields(**{**shape.__dict__, "stop": 0.5}).reward_to_risk or np.nan)
