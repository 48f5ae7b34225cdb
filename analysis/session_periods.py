"""Where a table of sessions cuts bars into periods, and from which bar on each of these is known."""

from typing import NamedTuple

import numpy as np

from analysis.arrays import Bools, Ints, Times
from analysis.sessions import NEVER, Sessions, begin_of, period_of
from analysis.timeframe import DAY_NS, LENGTH_NS


class Periods(NamedTuple):
    """Periods of the bars that are `counted`; `start` and `stop` are places among these.

    `known_from` is the first of all the bars on which a period is known, `begin` the stamp of its bar and `session`
    the date that it is of, in days since 1970.
    """

    counted: Bools
    start: Ints
    stop: Ints
    begin: Times
    session: Ints
    known_from: Ints


def days_cut(time: Times, session: Ints, base: str, timeframe: str, sessions: Sessions) -> Periods:
    """Return the days, weeks or months; the bars before or after hours are in none of them.

    For nobody can tell at a session's close whether such bars follow. A period is known from the first bar that closes
    at or after the close of its last session, as that was scheduled; else from the first bar of the next period.
    """
    is_short = base in LENGTH_NS and LENGTH_NS[base] < DAY_NS
    counted = sessions.inside(time, session, base) if is_short else np.ones(len(time), dtype=np.bool_)
    period = period_of(session, timeframe)
    ends, _ = sessions.ends(period, timeframe)
    # The table's first session may be one of the middle of its period.
    first = np.searchsorted(period_of(sessions.date, timeframe), period)
    is_first = bool(first[0] > 0) and bool(
        time[0] <= sessions.open[first[0]] if is_short else session[0] <= sessions.date[first[0]]
    )
    known = _known_from(sessions.closes(time, session, base), period, ends)
    begin = begin_of(period, timeframe)
    return _cut(counted, period, known, begin, begin // DAY_NS, is_first=is_first)


def hours_cut(time: Times, session: Ints, base: str, timeframe: str, sessions: Sessions) -> Periods:
    """Return the periods of less than a day, counted from the session's open, before it backwards.

    The last one ends at the close, those after hours count from there. One that ends with a close that was not
    scheduled is known from the first bar behind it.
    """
    length = LENGTH_NS[timeframe]
    row = sessions.row_of(session)
    opens, closes = sessions.open[row], sessions.close[row]
    inside = sessions.inside(time, session, base)
    is_after = ~inside & (time >= closes)
    zero = np.where(is_after, closes, opens)
    place = (np.where(inside, np.maximum(time, opens), time) - zero) // length
    begin, ends = zero + place * length, zero + (place + 1) * length
    borders = np.concatenate(([np.iinfo(np.int64).min], sessions.borders, [NEVER]))
    # Before the first session of all nothing else is.
    begin = np.where(place < 0, np.maximum(begin, borders[row]), begin)
    ends = np.where(is_after, np.minimum(ends, borders[row + 1]), ends)
    at_close = np.where(sessions.scheduled[row] | (ends <= closes), np.minimum(ends, closes), NEVER)
    ends = np.where(inside, at_close, ends)
    known = _known_from(sessions.closes(time, session, base), begin, ends)
    every = np.ones(len(time), dtype=np.bool_)
    # Bars that begin inside of a period do not make it up.
    return _cut(every, begin, known, begin, session, is_first=bool(time[0] <= begin[0]))


def _known_from(closes: Times, period: Ints, ends: Times) -> Ints:
    """Return for each bar from which bar on its period is known: one that closes at the end or later, or the next."""
    last = np.searchsorted(np.maximum.accumulate(closes), ends, side="left")
    following = np.searchsorted(period, period, side="right")
    return np.minimum(last, following)


def _cut(counted: Bools, period: Ints, known: Ints, begin: Times, session: Ints, *, is_first: bool) -> Periods:
    total, first_of_all = len(period), period[0]
    period, known, begin, session = (column[counted] for column in (period, known, begin, session))
    start = np.flatnonzero(np.concatenate(([True], period[1:] != period[:-1]))) if len(period) else np.zeros(0, int)
    stop = np.append(start[1:], len(period))[: len(start)]
    keep = (known[start] < total) & (is_first | (period[start] != first_of_all))
    start, stop = start[keep], stop[keep]
    return Periods(counted, start, stop, begin[start], session[start], known[start])
