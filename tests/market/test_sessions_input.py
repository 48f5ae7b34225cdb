"""What inline bars say of their sessions: read, or refused with every fault at its place."""

from typing import Any

import numpy as np
import pytest

from market.bars_input import parse_bars
from market.errors import BarsInputError
from tests.market.test_bars_input import BARS, as_lists, columns
from tests.market.test_sessions import NOT_IANA

DAY_MS = 86_400_000
DATES = [str(day) for day in BARS.time.view("M8[ns]").astype("M8[D]")]
OPEN = [int(ns) // 1_000_000 + 14 * 3_600_000 for ns in BARS.time]
TABLE: dict[str, Any] = {"date": DATES, "open": OPEN, "close": [one + 3_600_000 for one in OPEN]}


def with_row(**changes: Any) -> dict[str, Any]:
    """Return the table with another value in some columns of its fourth row."""
    table = {"early": [False] * 30, "scheduled": [True] * 30} | {name: list(column) for name, column in TABLE.items()}
    for name, value in changes.items():
        table[name][3] = value
    return table


def faults(**said: Any) -> set[tuple[str, str]]:
    with pytest.raises(BarsInputError) as refused:
        parse_bars(columns(**said), max_bars=100, pointer="/bars", may_say_sessions=True)
    return {(fault.pointer.removeprefix("/bars"), fault.code) for fault in refused.value.faults}


def read(**said: Any) -> Any:
    return parse_bars(columns(**said), max_bars=100, may_say_sessions=True)


def test_a_table_may_be_written_in_every_way_that_times_may() -> None:
    one = read(sessions=TABLE)
    texts = [f"{np.datetime64(ms, 'ms')}Z" for ms in OPEN]
    other = read(sessions=TABLE | {"open": texts, "early": [False] * 30, "scheduled": [True] * 30})
    seconds = read(sessions=TABLE | {"open": [ms // 1_000 for ms in OPEN]})
    assert one.sessions.fingerprint == other.sessions.fingerprint == seconds.sessions.fingerprint
    assert one.sessions.close.tolist() == [ms * 1_000_000 for ms in TABLE["close"]]
    assert one.fingerprint != BARS.fingerprint == read().fingerprint


def test_a_session_that_did_not_take_place_has_no_close() -> None:
    body = {name: column[:3] + column[4:] for name, column in columns().items() if isinstance(column, list)}
    table = with_row(close=None, scheduled=False)
    found = parse_bars(body, max_bars=100, timeframe="1d", may_say_sessions=True)
    said = parse_bars(body | {"sessions": table}, max_bars=100, timeframe="1d", may_say_sessions=True)
    assert found.sessions is None
    assert said.sessions is not None
    assert said.sessions.close[3] == said.sessions.open[3]
    assert faults(sessions=with_row(close=None)) == {("/sessions/close/3", "no_length")}


def test_zones_rules_and_the_end_of_the_last_bar() -> None:
    assert read(timezone="Australia/Sydney").sessions.rule == "00:00 Australia/Sydney"
    assert read(session="17:00 America/New_York").sessions.rule == "17:00 America/New_York"
    assert read(closed=True).closed
    assert read(closed=False, timezone=None).fingerprint == BARS.fingerprint


@pytest.mark.parametrize(
    ("said", "pointer", "code"),
    [
        ({"calendar": "XNYS"}, "/calendar", "unknown_field"),
        ({"timezone": "XNYS"}, "/timezone", "unknown_timezone"),
        ({"session": "XNYS"}, "/session", "invalid_session_rule"),
        ({"sessions": "XNYS"}, "/sessions", "wrong_type"),
        ({"timezone": "Mars/Base"}, "/timezone", "unknown_timezone"),
        ({"timezone": 1}, "/timezone", "wrong_type"),
        ({"timezone": "../../etc/passwd"}, "/timezone", "unknown_timezone"),
        ({"timezone": "\0"}, "/timezone", "unknown_timezone"),
        ({"timezone": "\ud800"}, "/timezone", "unknown_timezone"),
        ({"timezone": "A" * 100_000}, "/timezone", "unknown_timezone"),
        ({"timezone": "America"}, "/timezone", "unknown_timezone"),
        *(({"timezone": zone}, "/timezone", "unknown_timezone") for zone in NOT_IANA),
        *(({"session": f"17:00 {zone}"}, "/session", "unknown_timezone") for zone in NOT_IANA if zone == zone.strip()),
        ({"session": "17:00"}, "/session", "invalid_session_rule"),
        ({"session": "17:00 Mars/Base"}, "/session", "unknown_timezone"),
        ({"session": ["17:00 UTC"]}, "/session", "wrong_type"),
        ({"session": "17:00 UTC mon"}, "/time/1", "no_session"),
        ({"timezone": "UTC", "session": "17:00 UTC"}, "/session", "ambiguous_field"),
        ({"closed": "yes"}, "/closed", "wrong_type"),
        ({"closed": 1}, "/closed", "wrong_type"),
        ({"sessions": []}, "/sessions", "wrong_type"),
        ({"sessions": {}}, "/sessions/open", "missing"),
        ({"sessions": TABLE | {"holiday": []}}, "/sessions/holiday", "unknown_field"),
        ({"sessions": TABLE | {"date": 7}}, "/sessions/date", "wrong_type"),
        ({"sessions": TABLE | {"early": [True]}}, "/sessions/early", "unequal_length"),
        ({"sessions": TABLE | {"close": TABLE["close"][:-1]}}, "/sessions/close", "unequal_length"),
        ({"sessions": TABLE | {"open": OPEN[:-1]}}, "/sessions/open", "unequal_length"),
        ({"sessions": {name: column * 4 for name, column in TABLE.items()}}, "/sessions/date", "too_many"),
        ({"sessions": {name: [] for name in TABLE}}, "/sessions", "empty"),
        ({"sessions": with_row(date="2020-02-30")}, "/sessions/date/3", "not_a_date"),
        ({"sessions": with_row(date=20200102)}, "/sessions/date/3", "not_a_date"),
        ({"sessions": with_row(date=DATES[2])}, "/sessions/date/3", "not_sorted"),
        ({"sessions": with_row(open=OPEN[2])}, "/sessions/open/3", "session_overlaps"),
        ({"sessions": with_row(close=OPEN[2])}, "/sessions/close/3", "closes_before_open"),
        ({"sessions": with_row(open="2020-01-01T10:00:00")}, "/sessions/open/3", "naive_time"),
        ({"sessions": with_row(open=None)}, "/sessions/open/3", "wrong_type"),
        ({"sessions": with_row(open=1e300)}, "/sessions/open/3", "time_out_of_range"),
        ({"sessions": with_row(scheduled=1)}, "/sessions/scheduled/3", "wrong_type"),
        ({"sessions": {name: column[:20] for name, column in TABLE.items()}}, "/sessions", "sessions_end_early"),
        ({"sessions": {name: column[3:] for name, column in TABLE.items()}}, "/sessions", "sessions_begin_late"),
    ],
)
def test_what_cannot_be_is_refused_at_its_place(said: dict[str, Any], pointer: str, code: str) -> None:
    assert (pointer, code) in faults(**said)


def test_who_names_a_calendar_is_told_what_may_be_said_instead() -> None:
    with pytest.raises(BarsInputError) as refused:
        parse_bars(columns(calendar="XNYS"), max_bars=100, may_say_sessions=True)
    assert "timezone, session or sessions" in refused.value.faults[0].detail


def test_faults_of_bars_and_of_sessions_are_told_together() -> None:
    found = faults(session="17:00", volume=[-1.0, *[1.0] * (len(BARS) - 1)])
    assert {("/session", "invalid_session_rule"), ("/volume/0", "negative_volume")} <= found


def test_sessions_of_centuries_are_refused() -> None:
    times = ["1700-01-01T00:00:00Z", "2200-01-01T00:00:00Z"]
    two = {name: getattr(BARS, name)[:2].tolist() for name in ("open", "high", "low", "close")}
    with pytest.raises(BarsInputError) as refused:
        parse_bars({"time": times, **two, "timeframe": "1d", "timezone": "UTC"}, max_bars=9, may_say_sessions=True)
    assert refused.value.faults[0].code == "too_many_years"


def test_a_stored_series_does_not_take_what_it_would_forget() -> None:
    for name, value in (("timezone", "UTC"), ("session", "17:00 UTC"), ("sessions", TABLE), ("closed", True)):
        with pytest.raises(BarsInputError) as refused:
            parse_bars(columns(**{name: value}), max_bars=100)
        assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [(f"/{name}", "unknown_field")]
    assert parse_bars(as_lists(), max_bars=100, timeframe="1d", may_say_sessions=True).sessions is None
