"""Sessions of exchanges, typed here for tests: calendars by name are nobody's yet."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from analysis import Bars
from analysis.sessions import Sessions

NEW_YORK = "America/New_York"


def ns(day: date, clock: str, zone: str) -> int:
    """Return the moment of a zone's clock on a day."""
    return int(datetime.combine(day, time.fromisoformat(clock), ZoneInfo(zone)).timestamp()) * 1_000_000_000


def table(
    first: str,
    last: str,
    *,
    zone: str = NEW_YORK,
    opens: str = "09:30",
    closes: str = "16:00",
    holidays: Collection[str] = (),
    early: Mapping[str, str] | None = None,
    unannounced: Mapping[str, str] | None = None,
) -> Sessions:
    """Return the sessions of Monday to Friday; `unannounced` are closings by date, at the open: all day."""
    rows = []
    day = date.fromisoformat(first)
    while day <= date.fromisoformat(last):
        name = day.isoformat()
        if day.weekday() < 5 and name not in holidays:
            surprise = (unannounced or {}).get(name)
            close = surprise or (early or {}).get(name, closes)
            number = (day - date(1970, 1, 1)).days
            rows.append((number, ns(day, opens, zone), ns(day, close, zone), close != closes, surprise is None))
        day += timedelta(1)
    dates, begin, end, is_early, scheduled = zip(*rows, strict=True)
    return Sessions.of(date=dates, open=begin, close=end, early=is_early, scheduled=scheduled)


def bars_of(sessions: Sessions, timeframe: str, minutes: int, *, hours: tuple[int, int] = (0, 0)) -> Bars:
    """Return bars of a seeded walk over the sessions that took place, with as many hours before and after them."""
    length = minutes * 60_000_000_000
    stamps = [
        np.arange(open_ - hours[0] * 3_600_000_000_000, close + hours[1] * 3_600_000_000_000, length)
        for open_, close in zip(sessions.open, sessions.close, strict=True)
        if close > open_
    ]
    return walk(np.concatenate(stamps), timeframe)


def walk(time: np.ndarray, timeframe: str, sessions: Sessions | None = None, *, seed: int = 4) -> Bars:
    """Return bars of a seeded walk at these times."""
    draw = np.random.default_rng(seed)
    close = 100 * np.exp(np.cumsum(draw.normal(0, 0.01, len(time))))
    open_ = np.concatenate(([100.0], close[:-1]))
    high, low = np.maximum(open_, close) * 1.002, np.minimum(open_, close) * 0.998
    return Bars(
        time=time,
        open=open_,
        high=high,
        low=low,
        close=close,
        volume=draw.uniform(1, 9, len(time)),
        timeframe=timeframe,
        sessions=sessions,
    )


def daily(sessions: Sessions) -> Bars:
    """Return a daily bar for each session that took place."""
    took_place = sessions.close > sessions.open
    return walk(sessions.date[took_place] * 86_400_000_000_000, "1d")


def known_by(bars: Bars, sessions: Sessions) -> Bars:
    """Return the same bars with these sessions."""
    given = {name: getattr(bars, name) for name in ("time", "open", "high", "low", "close", "volume", "timeframe")}
    return Bars(**given, sessions=sessions)
