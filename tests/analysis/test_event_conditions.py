"""Events as conditions, and what is known of the newest: held against the events themselves, and against cuts."""

import numpy as np
import pytest

from analysis import Bars, Plan, run
from analysis.errors import PlanError
from analysis.events import Event
from analysis.resampling import resample
from analysis.validation import series
from analysis.validation.entry_checks import LATER_NS
from tests.analysis.shipped import demo

COUNT = 3_270
SIDES = {"bullish": 1.0, "bearish": -1.0, "neutral": 0.0}


@pytest.fixture(scope="module")
def bars() -> Bars:
    return demo("AAPL", COUNT)


def columns(bars: Bars, *texts: str) -> list[list[float | None]]:
    result = run(Plan.parse([f"c{place} = {text}" for place, text in enumerate(texts)]), bars, now_ns=LATER_NS)
    found = [result[f"c{place}"] for place in range(len(texts))]
    return [[None if np.isnan(value) else value for value in column.tolist()] for column in found]


def events(bars: Bars, *texts: str) -> list[Event]:
    return list(run(Plan.parse(list(texts)), bars, now_ns=LATER_NS).events)


def is_open(event: Event, bar: int) -> bool:
    """Return whether the event is confirmed and not over at a bar, as its history tells it."""
    if bar < event.bar or (event.kind == "candlestick" and bar > event.bar):
        return False
    done = {1} if event.reached_before_confirmation else set()
    for change in event.history:
        if change.bar <= bar and change.status in ("stop", "expired", "failed"):
            return False
        if change.bar <= bar and change.status == "target":
            done.add(int(change.target or 0))
            if done >= set(range(1, min(2, len(event.targets)) + 1)):
                return False
    return True


def known(found: list[Event], bar: int, name: str) -> float | None:
    """Return an attribute of the newest event, of several on a bar of the best, if it is open."""
    past = [event for event in found if event.bar <= bar]
    if not past:
        return None
    newest = max(past, key=lambda event: (event.bar, event.score))
    if not is_open(newest, bar):
        return None
    return {
        "score": newest.score,
        "side": SIDES[newest.side],
        "target": newest.targets[0] if newest.targets else None,
        "stop": newest.stop,
        "entry": newest.entry_reference,
    }[name]


@pytest.mark.parametrize(
    "name", ["cup_with_handle", "gartley", "regular_bullish_divergence", "hammer", "engulfing", "doji"]
)
def test_a_name_is_true_where_its_events_are_confirmed(bars: Bars, name: str) -> None:
    (column,) = columns(bars, f"within({name}, 1)")
    found = {event.bar for event in events(bars, name)}
    warmup = next(bar for bar, value in enumerate(column) if value is not None)
    assert found
    assert column[:warmup] == [None] * warmup
    assert {bar for bar, value in enumerate(column) if value == 1} == found
    assert None not in column[warmup:]


@pytest.mark.parametrize("group", ["harmonic", "candlesticks", "patterns", "chart_patterns"])
def test_the_name_of_a_group_is_true_where_any_of_its_events_is(bars: Bars, group: str) -> None:
    (column,) = columns(bars, f"{group} and close > 0")
    assert {bar for bar, value in enumerate(column) if value == 1} == {event.bar for event in events(bars, group)}


@pytest.mark.parametrize(
    ("text", "name", "side", "least"),
    [
        ("harmonic(side=bullish)", "harmonic", "bullish", 0),
        ("harmonic(side=bearish, min_score=.7)", "harmonic", "bearish", 0.7),
        ("cup_with_handle(min_score=.6)", "cup_with_handle", "", 0.6),
        ("engulfing(side=bearish)", "engulfing", "bearish", 0),
        ("engulfing(side=neutral)", "engulfing", "neutral", 0),
        ("doji(side=neutral)", "doji", "neutral", 0),
        ("doji(side=bullish)", "doji", "bullish", 0),
        ("candlesticks(min_score=2)", "candlesticks", "", 2),
    ],
)
def test_filters_bind_one_event_alone_and_in_expressions(
    bars: Bars, text: str, name: str, side: str, least: float
) -> None:
    wanted = [one for one in events(bars, name) if side in ("", one.side) and one.score >= least]
    assert [(one.id, one.name) for one in events(bars, text)] == [(one.id, one.name) for one in wanted]
    (column,) = columns(bars, f"within({text}, 1)")
    assert {bar for bar, value in enumerate(column) if value == 1} == {one.bar for one in wanted}


def test_an_event_that_is_asked_for_twice_is_answered_once(bars: Bars) -> None:
    found = events(bars, "harmonic", "gartley(side=bullish)", "harmonic(side=bearish)")
    assert [one.id for one in found] == [one.id for one in events(bars, "harmonic")]


@pytest.mark.parametrize("attribute", ["score", "side", "target", "stop", "entry"])
@pytest.mark.parametrize(
    "text", ["harmonic", "symmetrical_triangle", "chart_patterns(side=bearish)", "gartley(min_score=.4)"]
)
def test_attributes_are_the_newest_open_events(bars: Bars, text: str, attribute: str) -> None:
    (column,) = columns(bars, f"{text}.{attribute}")
    found = events(bars, text)
    expected = [known(found, bar, attribute) for bar in range(COUNT)]
    assert column == expected
    assert None in column[100:]
    assert any(value is not None for value in column)


def test_a_candlestick_is_open_on_its_own_bar(bars: Bars) -> None:
    score, side, mark = columns(bars, "hammer.score", "hammer.side", "hammer.mark")
    assert [abs(value) if value else None for value in mark] == score
    assert {value for value in side if value is not None} == {1.0}


def test_the_bar_of_an_event_can_be_asked_about(bars: Bars) -> None:
    ago, past, since, count = columns(
        bars, "hammer[1] and close > 0", "within(hammer, 3)", "bars_since(hammer)", "count(hammer, 5)"
    )
    marks = {event.bar for event in events(bars, "hammer")}
    for bar in range(200, COUNT):
        assert ago[bar] == float(bar - 1 in marks)
        assert past[bar] == float(any(bar - back in marks for back in range(3)))
        assert count[bar] == sum(bar - back in marks for back in range(5))
        assert since[bar] == bar - max(mark for mark in marks if mark <= bar)


def test_events_of_a_higher_timeframe_are_known_when_its_bar_is(bars: Bars) -> None:
    confirmed, score, mark = columns(bars, "engulfing@1w", "engulfing.score@1w", "engulfing(side=bullish)@1w")
    weeks = resample(bars, "1w")
    assert weeks.bars is not None
    weekly, bullish = columns(weeks.bars, "within(engulfing, 1)", "within(engulfing(side=bullish), 1)")
    on = [(weekly[place], bullish[place]) if place >= 0 else (None, None) for place in weeks.place.tolist()]
    assert list(zip(confirmed, mark, strict=True)) == on
    assert [value is not None for value in score] == [value == 1 for value in confirmed]


PREFIXED = (
    "within(symmetrical_triangle, 3)",
    "harmonic and rsi < 60",
    "harmonic.target - harmonic.stop",
    "chart_patterns(side=bullish, min_score=.5).score",
    "candlesticks and day_of_week == 1",
    "valuewhen(hammer, close, 1)",
    "engulfing@1w and rising(close, 3)",
    "if(chart_patterns.side > 0, percent_change(close, 5), nz(rsi[20]))",
    "sum(log(volume), 10) % 7 + sqrt(abs(close - open)) + max(high, 20)",
    "falling(rsi, 4) or bars_since(divergence) > 9",
)


def test_no_expression_looks_ahead(bars: Bars) -> None:
    whole = columns(bars, *PREFIXED)
    for end in (*range(60, 100, 7), *range(400, 460, 3), *range(900, COUNT, 131)):
        part = columns(bars.slice(0, end), *PREFIXED)
        for text, one, other in zip(PREFIXED, part, whole, strict=True):
            before, after = np.array(one, dtype=float), np.array(other[:end], dtype=float)
            assert np.allclose(before, after, rtol=1e-9, atol=0, equal_nan=True), (text, end)


def test_too_few_bars_leave_events_unknown() -> None:
    (column,) = columns(series.walk(9), "double_bottom or close < 0")
    assert column == [None] * 9


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ("gartley > 0", "wrong_type", ".score"),
        ("sma(gartley)", "wrong_type", ".score"),
        ("gartley.nothing", "not_an_output", ".score"),
        ("doji.target", "not_an_output", "mark"),
        ("harmonic.mark", "not_an_output", "score"),
        ("candlesticks.stop", "not_an_output", "score"),
        ("gartley(side=up)", "out_of_bounds", "bullish"),
        ("gartley(min_score=3)", "out_of_bounds", "2"),
        ("gartley(min_score='x')", "wrong_type", "number"),
        ("rsi(side=bullish)", "unknown_parameter", "period"),
        ("harmonic(preset=strict)", "unknown_parameter", "side"),
        ("harmonic(14)", "syntax", "14"),
        ("trend and close > 1", "unknown_name", "group"),
        ("all and close > 1", "unknown_name", "group"),
        ("if(gartley, hammer, close > 1) + 1", "wrong_type", "condition"),
    ],
)
def test_what_is_not_known_of_an_event_is_refused(text: str, code: str, says: str) -> None:
    with pytest.raises(PlanError) as caught:
        Plan.parse(["close", text])
    (fault, *_) = caught.value.faults
    assert (fault.pointer, fault.code) == ("/1", code)
    assert says.lstrip(".") in fault.detail
