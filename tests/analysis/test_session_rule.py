"""Rules that make sessions: what they mean in summer and winter, and which are none."""

from datetime import UTC, datetime

import numpy as np
import pytest

from analysis.errors import BarsError
from analysis.session_rule import MOST_YEARS, SessionRule

NS = 1_000_000_000


def times(*days: str) -> np.ndarray:
    return np.array(days, dtype="M8[ns]").astype(np.int64)


def written(text: str, day: str) -> tuple[str, str]:
    """Return open and close (UTC) of the session of a date."""
    sessions = SessionRule.parse(text).table(times("2017-01-10", "2017-10-10"))
    row = int(np.searchsorted(sessions.date, int(np.datetime64(day).astype(int))))
    assert sessions.date[row] == np.datetime64(day).astype(int)
    both = (datetime.fromtimestamp(int(column[row]) // NS, UTC) for column in (sessions.open, sessions.close))
    begin, end = (f"{one:%m-%d %H:%M}" for one in both)
    return begin, end


@pytest.mark.parametrize(
    ("text", "day", "begins", "ends"),
    [
        ("17:00 America/New_York mon-fri", "2017-01-16", "01-15 22:00", "01-16 22:00"),
        ("17:00 America/New_York mon-fri", "2017-07-03", "07-02 21:00", "07-03 21:00"),
        # The clock goes forward on Sunday: Monday's session of 24 hours begins after that.
        ("17:00 America/New_York mon-fri", "2017-03-13", "03-12 21:00", "03-13 21:00"),
        ("09:30-16:00 America/New_York mon-fri", "2017-07-03", "07-03 13:30", "07-03 20:00"),
        ("18:00-17:00 America/New_York mon-fri", "2017-01-16", "01-15 23:00", "01-16 22:00"),
        ("13:00-21:00 Europe/London", "2017-01-15", "01-15 13:00", "01-15 21:00"),
        ("00:00 Australia/Sydney", "2017-01-15", "01-14 13:00", "01-15 13:00"),
        ("10:00-16:00 Asia/Riyadh sun-thu", "2017-01-15", "01-15 07:00", "01-15 13:00"),
    ],
)
def test_a_rule_is_a_clock_in_a_zone(text: str, day: str, begins: str, ends: str) -> None:
    assert written(text, day) == (begins, ends)


def test_weekdays_are_those_of_the_sessions_date() -> None:
    found = SessionRule.parse("17:00 America/New_York mon-wed,fri").table(times("2017-01-10", "2017-02-10"))
    assert set(((found.date + 3) % 7).tolist()) == {0, 1, 2, 4}
    days = found.date.astype("M8[D]").astype(str)
    assert days[0] == "2016-12-02"  # in the year before
    assert days[-1] == "2018-01-31"


def test_sessions_without_a_gap_make_days_of_23_to_25_hours() -> None:
    found = SessionRule.of_zone("Europe/Berlin").table(times("2017-01-10", "2017-02-10"))
    assert np.array_equal(found.open[1:], found.close[:-1])
    assert set(((found.close - found.open) // (3_600 * NS)).tolist()) == {23, 24, 25}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *((text, "invalid_session_rule") for text in ("", "17:00", "America/New_York", "25:00 UTC", "9:30 UTC")),
        *((text, "invalid_session_rule") for text in ("17:00 UTC mon-", "17:00 UTC day", "17:00 UTC mon-tue-wed")),
        *((text, "invalid_session_rule") for text in ("09:30-16:99 UTC", "17:00  UTC", "17:00 UTC mon fri")),
        *((f"17:00 {zone} mon-fri", "unknown_timezone") for zone in ("Mars/Base", "../etc/passwd", "/etc/localtime")),
        ("09:30-09:30 UTC,", "unknown_timezone"),
    ],
)
def test_what_is_no_rule_is_refused(text: str, code: str) -> None:
    with pytest.raises(BarsError) as refused:
        SessionRule.parse(text)
    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [("/session", code)]


def test_sessions_of_centuries_are_not_made() -> None:
    with pytest.raises(BarsError) as refused:
        SessionRule.of_zone("Europe/Berlin").table(times("1700-01-01", f"{1701 + MOST_YEARS}-01-01"))
    assert refused.value.faults[0].code == "too_many_years"
