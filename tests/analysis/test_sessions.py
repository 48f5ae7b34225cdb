"""A table of sessions: what is refused, which bars are whose, when a bar is closed, and what is said without one."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from analysis import Bars, Plan, begin, run, update
from analysis.errors import BarsError
from analysis.incremental import State
from analysis.sessions import Sessions
from tests.analysis.exchanges import NEW_YORK, bars_of, daily, known_by, ns, table, walk

DAY_NS = 86_400_000_000_000
MINUTE_NS = 60_000_000_000
TOKYO = "Asia/Tokyo"
# Two sessions of a minute's length, dates 1 and 2.
SOUND: dict[str, list[Any]] = {"date": [1, 2], "open": [DAY_NS, 2 * DAY_NS], "close": [DAY_NS + 9, 2 * DAY_NS + 9]}


def faults(refused: pytest.ExceptionInfo[BarsError]) -> set[tuple[str, str]]:
    return {(fault.pointer, fault.code) for fault in refused.value.faults}


@pytest.mark.parametrize(
    ("columns", "pointer", "code"),
    [
        ({"date": [], "open": [], "close": []}, "/sessions", "empty"),
        ({"open": [DAY_NS]}, "/sessions/open", "unequal_length"),
        ({"date": [2, 1]}, "/sessions/date/1", "not_sorted"),
        ({"date": [2, 2]}, "/sessions/date/1", "not_sorted"),
        ({"close": [3 * DAY_NS, 3 * DAY_NS]}, "/sessions/open/1", "session_overlaps"),
        ({"close": [DAY_NS + 9, DAY_NS + 9]}, "/sessions/close/1", "closes_before_open"),
        ({"close": [DAY_NS, 2 * DAY_NS + 9]}, "/sessions/close/0", "no_length"),
    ],
)
def test_a_table_that_cannot_be_is_refused(columns: dict[str, list[int]], pointer: str, code: str) -> None:
    with pytest.raises(BarsError) as refused:
        Sessions.of(**{**SOUND, **columns})
    assert (pointer, code) in faults(refused)


def test_a_session_that_did_not_take_place_stays_in_the_table() -> None:
    found = Sessions.of(**{**SOUND, "close": [DAY_NS, 2 * DAY_NS + 9]}, scheduled=[False, True])
    assert len(found) == 2
    assert Sessions.of(**found.to_dict()).fingerprint == found.fingerprint
    assert Sessions.of(**SOUND).fingerprint != found.fingerprint


@pytest.mark.parametrize("timeframe", ["1d", "30m"])
def test_a_table_holds_the_bars(timeframe: str) -> None:
    whole, short = table("2017-03-01", "2017-03-31"), table("2017-03-01", "2017-03-15")
    late = table("2017-03-03", "2017-03-31")
    bars = daily(whole) if timeframe == "1d" else bars_of(whole, "30m", 30)
    known_by(bars, whole)
    with pytest.raises(BarsError) as refused:
        known_by(bars, short)
    assert faults(refused) == {("/sessions", "sessions_end_early")}
    with pytest.raises(BarsError) as refused:
        known_by(bars, late)
    assert faults(refused) == {("/sessions", "sessions_begin_late")}


def test_a_daily_bar_of_no_session_is_named() -> None:
    with pytest.raises(BarsError) as refused:
        known_by(daily(table("2017-03-01", "2017-03-31")), table("2017-03-01", "2017-03-31", holidays=("2017-03-07",)))
    assert faults(refused) == {("/time/4", "no_session")}
    with pytest.raises(BarsError) as refused:
        Bars(time=[0, DAY_NS], **{key: [1, 1] for key in ("open", "high", "low", "close")}, timeframe="1h",
             session=[1, 7], sessions=Sessions.of(**SOUND))  # fmt: skip
    assert faults(refused) == {("/time/1", "no_session")}


def test_a_table_may_reach_over_centuries() -> None:
    far = 9_000_000_000_000_000_000
    found = Sessions.of(date=[-104_166, 0, 104_166], open=[-far, 0, far], close=[-far + 9, 9, far + 9])
    assert found.borders.tolist() == [(9 - far) // 2, far // 2 + 4]
    assert found.dates(np.array([-DAY_NS, 5, DAY_NS]), "1h").tolist() == [0, 0, 0]


def test_cutting_bars_does_not_cut_the_table_and_it_is_in_the_fingerprint_and_the_receipt() -> None:
    one, other = table("2017-03-01", "2017-03-31"), table("2017-03-01", "2017-04-28")
    bars = known_by(daily(one), one)
    assert bars[:5].sessions is one
    without = Bars(**{name: column for name, column in bars.columns().items() if name != "session"}, timeframe="1d")
    fingerprints = {bars.fingerprint, known_by(bars, other).fingerprint, without.fingerprint}
    assert len(fingerprints) == 3
    result = run(Plan.parse(["sma(3)"]), bars)
    assert result.bars["sessions"] == one.fingerprint
    assert "sessions" not in run(Plan.parse(["sma(3)"]), without).bars


def test_bars_without_a_table_have_the_fingerprint_that_they_had() -> None:
    bars = Bars(time=[0, DAY_NS], **{key: [1.0, 2.0] for key in ("open", "high", "low", "close")}, timeframe="1d")
    assert bars.fingerprint == "0ea7ae2034fd3c4fef9459c93112644007e8d4aa251da10400da28cab9c79774"


@pytest.mark.parametrize(
    ("zone", "opens", "closes"), [(NEW_YORK, "09:30", "16:00"), (TOKYO, "09:00", "15:00"), (TOKYO, "09:00", "15:30")]
)
@pytest.mark.parametrize("timeframe", ["1d", "30m", "1h"])
def test_the_days_signal_is_there_a_quarter_of_an_hour_after_the_close(
    zone: str, opens: str, closes: str, timeframe: str
) -> None:
    sessions = table("2024-01-08", "2024-06-28", zone=zone, opens=opens, closes=closes)
    some = Sessions.of(**{name: np.array(column)[1:40] for name, column in sessions.to_dict().items()})
    minutes = 30 if timeframe == "30m" else 60
    bars = known_by(daily(some) if timeframe == "1d" else bars_of(some, timeframe, minutes), sessions)
    day = date(2024, 1, 8) + timedelta(int(some.date[-1] - sessions.date[0]))
    close = ns(day, closes, zone)
    plan = Plan.parse(["up = close > open", "close", "candlesticks"])
    early = run(plan, bars, now_ns=close - MINUTE_NS)
    then = run(plan, bars, now_ns=close + 15 * MINUTE_NS)
    assert early.provisional
    assert early.signals["up"]["at"] == int(bars.time[-2]) // 1_000_000
    assert not then.provisional
    assert then.signals["up"] == {
        **then.signals["up"],
        "at": int(bars.time[-1]) // 1_000_000,
        "value": bool(bars.close[-1] > bars.open[-1]),
    }
    assert {note["code"] for note in then.quality} & {"provisional_last_bar", "close_assumed"} == set()
    events = [event.bar for event in run(plan, bars, now_ns=close + 15 * MINUTE_NS).events]
    assert [bar for bar in events if bar < len(bars) - 1] == [event.bar for event in early.events]


def test_without_any_knowledge_midnight_counts_and_a_note_says_so() -> None:
    bars = daily(table("2024-01-08", "2024-03-01"))
    evening = ns(date(2024, 3, 1), "16:15", NEW_YORK)
    plan = Plan.parse(["up = close > open"])
    assumed = run(plan, bars, now_ns=evening)
    assert assumed.provisional
    assert "close_assumed" in {note["code"] for note in assumed.quality}
    given = {name: getattr(bars, name) for name in ("time", "open", "high", "low", "close", "timeframe")}
    said = Bars(**given, closed=True)
    assert not run(plan, said, now_ns=evening).provisional
    assert said.fingerprint != Bars(**given).fingerprint


def test_a_week_is_closed_with_its_last_session() -> None:
    sessions = table("2016-12-01", "2018-01-15", holidays=("2017-04-14",))
    weeks = walk(np.arange(17_168, 17_267, 7) * DAY_NS, "1w", sessions)
    assert str(weeks.time[-1].astype("M8[ns]").astype("M8[D]")) == "2017-04-10"
    thursday = ns(date(2017, 4, 13), "16:00", NEW_YORK)
    assert weeks.last_closed(thursday)
    assert not weeks.last_closed(thursday - 1)


@pytest.mark.parametrize("text", ["vwap", "anchored_vwap", "pivots_classic", "cpr", "previous_period", "close@1d",
                                  "close@1w", "day_of_week", "vwap@4h"])  # fmt: skip
def test_what_took_utc_days_for_sessions_says_so_within_the_day_only(text: str) -> None:
    sessions = table("2017-03-01", "2017-06-30")
    hours = bars_of(sessions, "1h", 60)
    plan = Plan.parse([text])
    codes = [note["code"] for note in run(plan, hours).quality]
    assert codes.count("sessions_assumed") == 1
    assert "sessions_assumed" not in {note["code"] for note in run(plan, known_by(hours, sessions)).quality}
    if "@" not in text:
        assert "sessions_assumed" not in {note["code"] for note in run(plan, daily(sessions)).quality}


def test_what_does_not_go_by_sessions_says_nothing_of_them() -> None:
    quality = run(Plan.parse(["sma", "close@4h", "rsi < 30"]), bars_of(table("2017-03-01", "2017-06-30"), "1h", 60))
    assert "sessions_assumed" not in {note["code"] for note in quality.quality}


def test_a_state_keeps_the_table() -> None:
    sessions = table("2017-03-01", "2017-06-30")
    bars = known_by(bars_of(sessions, "1h", 60), sessions)
    plan = Plan.parse(["sma", "obv", "day_of_week"])
    state = State.unpack(begin(plan, bars[:100]).pack())
    after, result = update(state, bars[100:120])
    assert state.bars.sessions is not None
    assert state.bars.sessions.fingerprint == sessions.fingerprint
    assert np.array_equal(result.columns["day_of_week"], run(plan, bars).columns["day_of_week"][100:120])
    assert after.bars.sessions is sessions
    bare = {name: getattr(bars, name)[100:120] for name in ("time", "open", "high", "low", "close", "volume")}
    with pytest.raises(BarsError) as refused:
        update(state, Bars(**bare, session=bars.session[100:120], timeframe="1h"))
    assert faults(refused) == {("/sessions", "other_columns")}
