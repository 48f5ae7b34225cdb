"""A rule that makes sessions: from when, in which zone, on which weekdays, as in "17:00 America/New_York mon-fri"."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import numpy as np

from analysis.arrays import Times
from analysis.errors import BarsError, Fault
from analysis.sessions import Sessions

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EPOCH = date(1970, 1, 1)
NOON = time(12)
MOST_YEARS = 150  # between the first bar and the last
_RULE = re.compile(r"([0-9][0-9]:[0-9][0-9])(?:-([0-9][0-9]:[0-9][0-9]))? (\S+)(?: ([a-z,-]+))?")
# What is among a system's files of zones and means another thing on the next machine, or nothing.
_NOT_IANA = frozenset({"Factory", "localtime", "posixrules"})
SAYS = 'A rule is as "17:00 America/New_York mon-fri" or "09:30-16:00 America/New_York mon-fri".'


@dataclass(frozen=True, slots=True)
class SessionRule:
    """Sessions that are alike: they begin at `start` of a zone's clock and last until `end`, else until the next start.

    `weekdays` are those of the session's date, Monday 0. A session without an end that starts at noon or later, and
    one whose end is not after its start, begins on the evening before its date, as currencies' and futures' do.
    """

    start: time
    end: time | None
    zone: str
    weekdays: tuple[int, ...]
    text: str

    @classmethod
    def parse(cls, text: str, pointer: str = "/session") -> "SessionRule":
        """Return the rule of a text; BarsError with `invalid_session_rule` or `unknown_timezone`."""
        found = _RULE.fullmatch(text)
        days = None if found is None else _weekdays(found[4] or "mon-sun")
        try:
            start = None if found is None else time.fromisoformat(found[1])
            end = None if found is None or found[2] is None else time.fromisoformat(found[2])
        except ValueError:
            start = None
        if found is None or start is None or not days:
            raise BarsError([Fault(pointer, "invalid_session_rule", SAYS)])
        zone_named(found[3], pointer)
        return cls(start, end, found[3], days, text)

    @classmethod
    def of_zone(cls, timezone: str, pointer: str = "/timezone") -> "SessionRule":
        """Return the rule by which every calendar day of a zone is a session; BarsError with `unknown_timezone`."""
        zone_named(timezone, pointer)
        return cls(time(0), None, timezone, tuple(range(7)), f"00:00 {timezone}")

    def table(self, times: Times) -> Sessions:
        """Return the sessions from the December before the first of these times to the January after the last.

        All of them count as scheduled: a day without bars is one that the rule does not know to be a holiday.
        """
        if not len(times):
            return _table(self, EPOCH.year, EPOCH.year)
        ends = np.array([times.min(), times.max()]).view("M8[ns]").astype("M8[Y]").astype(int) + EPOCH.year
        first, last = ends.tolist()
        if last - first > MOST_YEARS:
            raise BarsError([Fault("/time", "too_many_years", f"Sessions are made for at most {MOST_YEARS} years.")])
        return _table(self, first, last)


def zone_named(timezone: str, pointer: str = "") -> ZoneInfo:
    """Return the zone of a name that this system has; BarsError with `unknown_timezone` if there is none.

    What is asked for must be `demanded_zone` as well; what has been stored is read by whatever name it was let in.
    """
    try:
        return ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise _unknown(pointer) from None


def demanded_zone(timezone: str, pointer: str = "") -> ZoneInfo:
    """Return the zone of an IANA name; BarsError with `unknown_timezone` for others, such as `posix/UTC`."""
    if timezone not in iana_names():
        raise _unknown(pointer)
    return zone_named(timezone, pointer)


@cache
def iana_names() -> frozenset[str]:
    """Return the names of IANA's zones, which it costs some ten milliseconds to find in this system's files."""
    return frozenset(available_timezones() - _NOT_IANA)


def _unknown(pointer: str) -> BarsError:
    detail = "The time zone is not an IANA name, such as America/New_York."
    return BarsError([Fault(pointer, "unknown_timezone", detail)])


@lru_cache(maxsize=16)
def _table(rule: SessionRule, first: int, last: int) -> Sessions:
    zone, end = ZoneInfo(rule.zone), rule.end or rule.start
    eve = rule.start >= NOON if rule.end is None else rule.end <= rule.start
    opens, closes, dates = [], [], []
    begin, stop = date(first - 1, 12, 1), date(last + 1, 1, 31)
    for number in range((begin - EPOCH).days, (stop - EPOCH).days + 1):
        day = EPOCH + timedelta(number)
        if day.weekday() not in rule.weekdays:
            continue
        begins = day - timedelta(1) if eve else day
        ends = begins + timedelta(1) if rule.end is None else day
        opens.append(_ns(begins, rule.start, zone))
        closes.append(_ns(ends, end, zone))
        dates.append(number)
    return Sessions.of(date=dates, open=opens, close=closes, rule=rule.text)


def _ns(day: date, clock: time, zone: ZoneInfo) -> int:
    return int(datetime.combine(day, clock, zone).timestamp()) * 1_000_000_000


def _weekdays(text: str) -> tuple[int, ...] | None:
    """Return the days of a list such as mon-fri or sun,mon-thu; None if it is none."""
    days: set[int] = set()
    for part in text.split(","):
        ends = part.split("-")
        if len(ends) > 2 or not set(ends) <= set(DAYS):
            return None
        first, last = DAYS.index(ends[0]), DAYS.index(ends[-1])
        days |= {place % 7 for place in range(first, last + 1 if last >= first else last + 8)}
    return tuple(sorted(days))
