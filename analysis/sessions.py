"""The sessions of an exchange: when each opens and closes, and whether that was so on the schedule."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from analysis.arrays import Bools, Ints, Times
from analysis.errors import MOST_FAULTS, BarsError, Fault
from analysis.timeframe import DAY_NS, LENGTH_NS, MONTH

# The end of a period of which no schedule says when its last session closes: only the next one's first bar tells.
NEVER = np.iinfo(np.int64).max
THURSDAY = 3  # days since a Monday of 1970-01-01, day 0


@dataclass(frozen=True, eq=False)
class Sessions:
    """A table of sessions in the order of their dates, from before the first bar to the end of the last one's year.

    `date` is in days since 1970, `open` and `close` in int64 nanoseconds UTC. `early`: it closed before its usual time.
    `scheduled`: it went as it had been announced before its week began. A session that was on the schedule and did not
    take place stays in the table, not scheduled and closed when it opened. Bars that are cut keep the whole table.
    """

    date: Ints
    open: Times
    close: Times
    early: Bools
    scheduled: Bools
    rule: str | None = None

    @classmethod
    def of(
        cls,
        *,
        date: ArrayLike,
        open: ArrayLike,
        close: ArrayLike,
        early: ArrayLike | None = None,
        scheduled: ArrayLike | None = None,
        rule: str | None = None,
    ) -> "Sessions":
        """Return the table, its columns closed to writing; BarsError with every fault, pointers below /sessions."""
        columns: dict[str, Any] = {}
        for name, values, kind in (("date", date, np.int64), ("open", open, np.int64), ("close", close, np.int64)):
            columns[name] = np.array(values, dtype=kind)
        count = len(columns["date"])
        columns["early"] = np.zeros(count, np.bool_) if early is None else np.array(early, dtype=np.bool_)
        columns["scheduled"] = np.ones(count, np.bool_) if scheduled is None else np.array(scheduled, dtype=np.bool_)
        faults = _faults(columns)
        if faults:
            raise BarsError(faults[:MOST_FAULTS], more=max(0, len(faults) - MOST_FAULTS))
        for column in columns.values():
            column.flags.writeable = False
        return cls(**columns, rule=rule)

    def __len__(self) -> int:
        return len(self.date)

    @cached_property
    def fingerprint(self) -> str:
        """Return the sha256 (hex) of the table; the same on every machine."""
        digest = sha256(f"{len(self)}\n".encode())
        for column in (self.date, self.open, self.close):
            digest.update(column.astype("<i8", copy=False).tobytes())
        digest.update(self.early.tobytes() + self.scheduled.tobytes())
        return digest.hexdigest()

    def to_dict(self) -> dict[str, list[Any]]:
        """Return the columns as lists."""
        return {name: getattr(self, name).tolist() for name in ("date", "open", "close", "early", "scheduled")}

    @cached_property
    def borders(self) -> Times:
        """Return when each session but the first begins to count bars as its own: midway between close and open."""
        # Halved before they are added: a table may reach over more than int64 has between two moments.
        between: Times = self.close[:-1] // 2 + self.open[1:] // 2
        return between

    def dates(self, time: Times, timeframe: str) -> Ints:
        """Return the session date of each bar (days since 1970); BarsError if the table does not hold the bars."""
        if not len(time):
            return np.zeros(0, dtype=np.int64)
        if timeframe in LENGTH_NS and LENGTH_NS[timeframe] < DAY_NS:
            self._refuse(time[0] < self.open[0], time[-1] >= self.close[-1])
            found: Ints = self.date[np.searchsorted(self.borders, time, side="right")]
            return found
        date: Ints = time // DAY_NS
        self._refuse(date[0] < self.date[0] and timeframe == "1d", date[-1] > self.date[-1])
        if timeframe == "1d":
            self.check(date)
        return date

    def check(self, date: Ints) -> None:
        """Raise BarsError naming the bars of whose date there is no session."""
        lacking = np.flatnonzero(~np.isin(date, self.date))
        if len(lacking):
            days = date[lacking[:MOST_FAULTS]].astype("datetime64[D]")
            faults = [
                Fault(f"/time/{bar}", "no_session", f"{day} is no session of the table.")
                for bar, day in zip(lacking, days, strict=False)
            ]
            raise BarsError(faults, more=len(lacking) - len(faults))

    def row_of(self, date: Ints) -> Ints:
        """Return each date's place in the table, which has them all."""
        return np.searchsorted(self.date, date)

    def inside(self, time: Times, date: Ints, timeframe: str) -> Bools:
        """Return which bars are of open to close, be it in part; the others came before or after hours."""
        row = self.row_of(date)
        found: Bools = (time < self.close[row]) & (time + LENGTH_NS[timeframe] > self.open[row])
        return found

    def closes(self, time: Times, date: Ints, timeframe: str) -> Times:
        """Return when each bar closes: a daily one with its session, one within a session no later than that."""
        if timeframe == "1d":
            daily: Times = self.close[self.row_of(date)]
            return daily
        if timeframe in ("1w", MONTH):
            ends, follows = self.ends(period_of(date, timeframe), timeframe)
            after = begin_of(period_of(date, timeframe) + 1, timeframe)
            return np.where(ends == NEVER, np.where(follows == NEVER, after, follows), ends)
        nominal = time + LENGTH_NS[timeframe]
        within = np.minimum(nominal, self.close[self.row_of(date)])
        return np.where(self.inside(time, date, timeframe), within, nominal)

    def ends(self, period: Ints, timeframe: str) -> tuple[Times, Times]:
        """Return when the last session of each period closes, and when the first session after it opens.

        NEVER for a close that was not on the schedule when the period began, or if the table ends with the period.
        """
        periods = period_of(self.date, timeframe)
        after = np.searchsorted(periods, period, side="right")
        last = np.maximum(after - 1, 0)
        follows = np.minimum(after, len(self) - 1)
        known = (after < len(self)) & self.scheduled[last] & (periods[last] == period)
        return (
            np.where(known, self.close[last], NEVER),
            np.where(after < len(self), self.open[follows], NEVER),
        )

    def _refuse(self, begins_late: object, ends_early: object) -> None:
        faults = []
        if begins_late:
            faults.append(Fault("/sessions", "sessions_begin_late", "The first bar is before the first session."))
        if ends_early:
            detail = "The last bar is after the last session; the table goes to the end of its year."
            faults.append(Fault("/sessions", "sessions_end_early", detail))
        if faults:
            raise BarsError(faults)


def period_of(date: Ints, timeframe: str) -> Ints:
    """Return the number of the day, the week (from Monday) or the month of each date in days since 1970."""
    if timeframe == "1w":
        weeks: Ints = (date + THURSDAY) // 7
        return weeks
    return date.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) if timeframe == MONTH else date


def begin_of(period: Ints, timeframe: str) -> Times:
    """Return the stamp of each period's bar: 00:00 UTC of its day, its Monday or the first of its month."""
    if timeframe == "1w":
        days: Ints = period * 7 - THURSDAY
    else:
        days = period.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64) if timeframe == MONTH else period
    return days * DAY_NS


def _faults(columns: dict[str, Any]) -> Sequence[Fault]:
    date, opens, closes = columns["date"], columns["open"], columns["close"]
    if not len(date):
        return [Fault("/sessions", "empty", "There are no sessions.")]
    unequal = [
        Fault(f"/sessions/{name}", "unequal_length", f"{len(column)} values, but {len(date)} dates.")
        for name, column in columns.items()
        if len(column) != len(date)
    ]
    if unequal:
        return unequal
    back = np.flatnonzero(date[1:] <= date[:-1]) + 1
    over = np.flatnonzero(opens[1:] < closes[:-1]) + 1
    short = np.flatnonzero(closes < opens)
    empty = np.flatnonzero((closes == opens) & columns["scheduled"])
    return [
        *(Fault(f"/sessions/date/{row}", "not_sorted", "This is not after the date before.") for row in back),
        *(Fault(f"/sessions/open/{row}", "session_overlaps", "The session before is still open.") for row in over),
        *(Fault(f"/sessions/close/{row}", "closes_before_open", "This is before its open.") for row in short),
        *(
            Fault(f"/sessions/close/{row}", "no_length", "A session that was scheduled closes after its open.")
            for row in empty
        ),
    ]
