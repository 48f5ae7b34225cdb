"""Bars of a higher timeframe made of the bars there are, and from which bar on each of them is known."""

from dataclasses import dataclass

import numpy as np

from analysis.arrays import Bools, Ints, Times
from analysis.bars import PRICES, Bars
from analysis.session_periods import days_cut, hours_cut
from analysis.sessions import Sessions
from analysis.timeframe import DAY_NS, KNOWN, LENGTH_NS, MONTH

# Weeks begin on Monday; 1970-01-01 was a Thursday.
WEEK_SHIFT_NS = 3 * DAY_NS


@dataclass(frozen=True, slots=True)
class HigherBars:
    """Whole bars of a higher timeframe; `place` is, per base bar, the newest that is known then, or -1.

    A bar is known from the first base bar that closes at or after its end. One that is not over is left out, and so is
    the first if the base bars begin inside it. Weeks begin on Monday, weeks and months are UTC's; a day is a session
    where the bars say so, and then known from the next session's first bar. With a table of sessions all of them go by
    it, and a day, a week or a month is known once its last session has closed as it was scheduled to.
    """

    bars: Bars | None
    place: Ints


def is_higher(timeframe: str, base: str) -> bool:
    """Return whether bars of a timeframe can be made of those of another: it is longer, and months of anything."""
    return KNOWN.index(timeframe) > KNOWN.index(base)


def resample(bars: Bars, timeframe: str) -> HigherBars:
    """Return the bars of a higher timeframe that these bars make up."""
    if bars.sessions is not None:
        return by_table(bars, timeframe, bars.sessions)
    by_session = timeframe == "1d" and bars.session is not None
    begins, ends = _sessions(bars) if by_session else _periods(bars.time, timeframe)
    first = np.flatnonzero(np.concatenate(([True], begins[1:] != begins[:-1])))
    if by_session:
        known_from = np.append(first[1:], len(bars))
    else:
        known_from = np.searchsorted(closes(bars), ends[first], side="left")
    keep = known_from < len(bars)
    keep[0] &= not by_session and bool(bars.time[0] == begins[0])
    stop = np.append(first[1:], len(bars))[keep]
    start, known_from = first[keep], known_from[keep]
    place = np.searchsorted(known_from, np.arange(len(bars)), side="right") - 1
    return HigherBars(_made(bars, timeframe, start, stop, begins[start]), place)


def by_table(bars: Bars, timeframe: str, sessions: Sessions) -> HigherBars:
    """Return the higher bars as a table of sessions cuts them; what came before or after hours is in no day's bar."""
    session = bars.time // DAY_NS if bars.session is None else bars.session
    cut = days_cut if timeframe in ("1d", "1w", MONTH) else hours_cut
    periods = cut(bars.time, session, bars.timeframe, timeframe, sessions)
    place = np.searchsorted(periods.known_from, np.arange(len(bars)), side="right") - 1
    counted = bars if periods.counted.all() else _only(bars, periods.counted)
    return HigherBars(_made(counted, timeframe, periods.start, periods.stop, periods.begin, periods.session), place)


def _only(bars: Bars, counted: Bools) -> Bars:
    part = bars.slice(0, len(bars))
    for name, column in bars.columns().items():
        setattr(part, name, column[counted])
    return part


def _made(
    bars: Bars, timeframe: str, start: Ints, stop: Ints, begin: Times, session: Ints | None = None
) -> Bars | None:
    """Return the bars that those from each start to before its stop make up, or None if there are none."""
    if not len(start):
        return None
    whole = {name: getattr(bars, name) for name in PRICES}
    parts = np.column_stack((start, stop)).ravel()
    padded = {name: np.append(column, column[-1:]) for name, column in whole.items()}
    volume = None if bars.volume is None else np.add.reduceat(np.append(bars.volume, 0.0), parts)[::2]
    return Bars(
        time=begin,
        open=bars.open[start],
        high=np.maximum.reduceat(padded["high"], parts)[::2],
        low=np.minimum.reduceat(padded["low"], parts)[::2],
        close=bars.close[stop - 1],
        volume=volume,
        timeframe=timeframe,
        session=session,
        sessions=None if session is None else bars.sessions,
        symbol=bars.symbol,
    )


def closes(bars: Bars) -> Times:
    """Return when each bar closes: with its session where there is a table of them, else at its nominal end."""
    if bars.sessions is not None and bars.session is not None:
        return bars.sessions.closes(bars.time, bars.session, bars.timeframe)
    if bars.timeframe != MONTH:
        return bars.time + LENGTH_NS[bars.timeframe]
    return _periods(bars.time, MONTH)[1]


def _periods(time: Ints, timeframe: str) -> tuple[Ints, Ints]:
    """Return where the period of each time begins and ends."""
    if timeframe == MONTH:
        months = time.view("datetime64[ns]").astype("datetime64[M]")
        both = (months, months + np.timedelta64(1, "M"))
        begins, ends = (one.astype("datetime64[ns]").astype(np.int64) for one in both)
        return begins, ends
    length = LENGTH_NS[timeframe]
    shift = WEEK_SHIFT_NS if timeframe == "1w" else 0
    begins = (time + shift) // length * length - shift
    return begins, begins + length


def _sessions(bars: Bars) -> tuple[Ints, Ints]:
    """Return for each bar the time of its session's first bar; a session's end is not known before the next begins."""
    session = bars.time if bars.session is None else bars.session
    first = np.flatnonzero(np.concatenate(([True], session[1:] != session[:-1])))
    begins = np.repeat(bars.time[first], np.diff(np.append(first, len(bars))))
    return begins, begins
