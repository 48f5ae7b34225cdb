"""A run's columns: the bars' own, and what is made of them when it is first asked for."""

from typing import Any

import numpy as np

from analysis.arrays import Floats, Ints
from analysis.bars import PRICES, Bars
from analysis.timeframe import bars_a_year

# Finite by validation, or made of what is.
ALWAYS_KNOWN = {*PRICES, "hl2", "hlc3", "ohlc4", "session", "day"}
BY_SESSION = frozenset(("session", "day"))  # columns that sessions make
DAYS_ASSUMED = {
    "code": "sessions_assumed",
    "detail": "No sessions were given: UTC days were taken for them. `timezone`, `session` or `sessions` says them.",
}
NOT_HANDED = {"code": "not_handed", "detail": "Nobody has said what it is on these bars."}
FIRST_WEEKDAY = 4  # 1970-01-01 was a Thursday
DAY_NS = 86_400_000_000_000


class BarColumns(dict[str, Any]):
    """Columns by name: prices, volume (None without), means of prices, the session's ordinal, days since 1970."""

    def __init__(self, bars: Bars) -> None:
        super().__init__({name: getattr(bars, name) for name in (*PRICES, "volume")})
        self._bars = bars

    def __missing__(self, name: str) -> Floats:
        """Make the column, once."""
        made = self[name] = _made(self._bars, name)
        return made


def _made(bars: Bars, name: str) -> Floats:
    if name == "hl2":
        return (bars.high + bars.low) / 2
    if name == "hlc3":
        return (bars.high + bars.low + bars.close) / 3
    if name == "ohlc4":
        return (bars.open + bars.high + bars.low + bars.close) / 4
    if name == "session":
        return _ordinal(bars)
    if name == "bars_a_year":
        return np.full(len(bars), bars_a_year(bars.timeframe))
    if name == "day_of_week":
        return _weekday(bars)
    if name == "day":
        return _days(bars).astype(np.float64)
    raise KeyError(name)


def _days(bars: Bars) -> Ints:
    """Return the dates of the sessions where there is a table of them, else the UTC days, in days since 1970."""
    return bars.time // DAY_NS if bars.sessions is None or bars.session is None else bars.session


def _weekday(bars: Bars) -> Floats:
    """Return the weekday of the session's date, Monday 1; unknown where the sessions have numbers, not dates."""
    days = _days(bars)
    if bars.session is not None and bars.sessions is None:
        if np.abs(bars.session - days).max(initial=0) > 1:  # no zone is further from UTC
            return np.full(len(bars), np.nan)
        days = bars.session
    return ((days + FIRST_WEEKDAY - 1) % 7 + 1).astype(np.float64)


def _ordinal(bars: Bars) -> Floats:
    """Return 0, 1, 2, … by session, as a column: only that it changes has a meaning."""
    session = bars.time // DAY_NS if bars.session is None else bars.session
    changed = np.zeros(len(bars), dtype=np.float64)
    changed[1:] = session[1:] != session[:-1]
    return changed.cumsum()


def sound_since_session(known: Any, session: Floats) -> Any:
    """Return where nothing was unknown since the session began; what is anchored there has no value after a gap."""
    unknown = np.cumsum(~known)
    first = np.ones(len(known), dtype=np.bool_)
    first[1:] = session[1:] != session[:-1]
    before = np.where(first, unknown - ~known, 0)
    return unknown == np.maximum.accumulate(before)
