"""Inline bars are in their blob what they were in the request, with all that they said of their sessions."""

from typing import Any

import pytest

from analysis import Bars
from analysis.session_rule import SessionRule
from analysis.sessions import Sessions
from jobs import inline_bars
from tests.analysis.exchanges import bars_of, daily, known_by, table

NAMES = ("time", "open", "high", "low", "close", "volume", "timeframe")
TABLE = table("2024-01-08", "2024-06-28", unannounced={"2024-03-05": "13:00"})
HOURS = bars_of(TABLE, "1h", 60)


def said(**more: Any) -> Bars:
    return Bars(**{name: getattr(HOURS, name) for name in NAMES}, symbol="X", **more)


@pytest.mark.parametrize(
    "bars",
    [
        said(),
        said(closed=True),
        said(sessions=TABLE),
        said(sessions=SessionRule.parse("17:00 America/New_York mon-fri").table(HOURS.time)),
        said(sessions=SessionRule.of_zone("Asia/Tokyo").table(HOURS.time), closed=True),
        known_by(daily(TABLE), TABLE),
    ],
)
def test_what_was_packed_comes_back(bars: Bars) -> None:
    again = inline_bars.unpack(inline_bars.pack(bars))
    assert again.fingerprint == bars.fingerprint
    assert again.closed == bars.closed
    assert (again.sessions is None) == (bars.sessions is None)
    if bars.sessions is not None:
        assert isinstance(again.sessions, Sessions)
        assert again.sessions.rule == bars.sessions.rule


@pytest.mark.parametrize("bars", [said(), said(sessions=TABLE, closed=True)])
def test_a_benchmark_lies_behind_the_bars_or_alone(bars: Bars) -> None:
    second = Bars(**{name: getattr(HOURS, name)[:9] for name in NAMES[:5]}, timeframe="1h")
    both = inline_bars.pack(bars, second)
    assert inline_bars.unpack(both).fingerprint == bars.fingerprint
    assert inline_bars.benchmark_in(both).fingerprint == second.fingerprint  # type: ignore[union-attr]
    assert both.startswith(inline_bars.pack(bars))
    alone = inline_bars.pack(None, second)
    assert inline_bars.benchmark_in(alone).fingerprint == second.fingerprint  # type: ignore[union-attr]
    assert inline_bars.benchmark_in(inline_bars.pack(bars)) is None
    assert inline_bars.pack(None) == b""


def test_bars_that_say_nothing_are_packed_as_they_were() -> None:
    header, _, body = inline_bars.pack(said()).partition(b"\n")
    assert header == b'{"count": %d, "symbol": "X", "timeframe": "1h", "volume": true}' % len(HOURS)
    assert len(body) == 6 * 8 * len(HOURS)
