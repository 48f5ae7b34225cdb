"""Bars: validated columns, read-only from then on."""

from functools import cached_property
from hashlib import sha256
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis import timeframe as timeframes
from analysis.arrays import Bools, Floats, Times
from analysis.errors import MOST_FAULTS, BarsError, Fault
from analysis.sessions import Sessions

Number = TypeVar("Number", np.int64, np.float64)

PRICES = ("open", "high", "low", "close")
COLUMNS = ("time", *PRICES, "volume", "session")


class Bars:
    """Open, high, low, close and volume of one symbol, oldest first.

    `time` is each bar's OPEN in int64 nanoseconds UTC; a daily bar is stamped 00:00 of its session date. `volume` is
    None, or holds NaN, where it is unknown. `session` is a session id per bar; None means one session per UTC day.
    With `sessions`, the table of them, it is the session's date in days since 1970, and made from the table where it is
    None. `closed` says that the last bar is over. `timeframe` is inferred from the times when it is None. Raises
    BarsError with every fault.
    """

    __slots__ = (
        *("__dict__", "close", "closed", "high", "low", "open", "session", "sessions", "symbol", "time", "timeframe"),
        "volume",
    )

    time: Times
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats | None
    session: Times | None
    sessions: Sessions | None

    def __init__(
        self,
        *,
        time: ArrayLike,
        open: ArrayLike,
        high: ArrayLike,
        low: ArrayLike,
        close: ArrayLike,
        volume: ArrayLike | None = None,
        timeframe: str | None = None,
        session: ArrayLike | None = None,
        sessions: Sessions | None = None,
        closed: bool = False,
        symbol: str | None = None,
    ) -> None:
        faults: list[Fault] = []
        for name, values in zip(COLUMNS, (time, open, high, low, close, volume, session), strict=True):
            whole = name in ("time", "session")
            column = None if values is None else _times(values) if whole else _floats(values)
            if values is not None and column is None:
                kind = "whole numbers (int64)" if whole else "numbers"
                faults.append(Fault(f"/{name}", "wrong_type", f"{name} is one list of {kind}."))
            setattr(self, name, column)
        self.symbol, self.sessions, self.closed = symbol, sessions, closed
        if timeframe is not None and timeframe not in timeframes.KNOWN:
            known = ", ".join(timeframes.KNOWN)
            faults.append(Fault("/timeframe", "unknown_timeframe", f"{timeframe!r} is not one of {known}."))
        faults += self._length_faults()
        more = 0
        if not any(fault.pointer != "/timeframe" for fault in faults):
            found, total = self._value_faults()
            faults, more = faults + found, total - len(found)
        if not faults and timeframe is None:
            timeframe = timeframes.infer(self.time)
        if faults or timeframe is None:
            raise BarsError(faults, more=more)
        self.timeframe = timeframe
        if sessions is not None and self.session is None:
            self.session = _read_only(sessions.dates(self.time, timeframe))
        elif sessions is not None and self.session is not None and timeframe not in ("1w", timeframes.MONTH):
            sessions.check(self.session)

    def __len__(self) -> int:
        return len(self.time)

    def __getitem__(self, part: "slice") -> "Bars":
        """Return a stretch of the bars as views, as in `bars[:100]`; steps are refused."""
        if not isinstance(part, slice) or part.step not in (None, 1):
            raise TypeError("Bars are cut by a slice without a step, as in bars[:100].")
        return self.slice(part.start, part.stop)

    def slice(self, start: int | None, stop: int | None) -> "Bars":
        """Return the bars from start to before stop, as views; they are not validated again."""
        part = object.__new__(Bars)
        for name, column in self.columns().items():
            setattr(part, name, column[start:stop])
        part.volume = None if self.volume is None else self.volume[start:stop]
        part.session = None if self.session is None else self.session[start:stop]
        part.timeframe, part.symbol, part.sessions = self.timeframe, self.symbol, self.sessions
        # What another bar has followed is over.
        part.closed = self.closed
        return part

    def columns(self) -> dict[str, Times | Floats]:
        """Return the columns there are by name, in the order time, open, high, low, close, volume, session."""
        named = {name: getattr(self, name) for name in COLUMNS}
        return {name: column for name, column in named.items() if column is not None}

    @cached_property
    def is_volume_whole(self) -> bool:
        """Return whether there is a volume and it is known on every bar."""
        return self.volume is not None and bool(np.isfinite(self.volume).all())

    @cached_property
    def is_positive(self) -> bool:
        """Return whether every price is above zero; spreads have others, and crude oil had on 20 April 2020."""
        return bool((self.low > 0.0).all())

    @cached_property
    def fingerprint(self) -> str:
        """Return the sha256 (hex) of the columns and the timeframe; the same on every machine."""
        digest = sha256(f"{self.timeframe}\n{len(self)}\n".encode())
        for name in COLUMNS:
            column = getattr(self, name)
            digest.update(name.encode())
            if column is not None:
                digest.update(column.astype(column.dtype.newbyteorder("<"), copy=False).tobytes())
        if self.sessions is not None:
            digest.update(f"sessions\n{self.sessions.fingerprint}".encode())
        if self.closed:
            digest.update(b"closed")
        return digest.hexdigest()

    def last_closed(self, now_ns: int) -> bool:
        """Return whether the last bar is over at this moment (int64 ns UTC)."""
        if self.closed or len(self) == 0:
            return True
        if self.sessions is None or self.session is None:
            return timeframes.closes_at(int(self.time[-1]), self.timeframe) <= now_ns
        return int(self.sessions.closes(self.time[-1:], self.session[-1:], self.timeframe)[-1]) <= now_ns

    def _length_faults(self) -> list[Fault]:
        lengths = {name: len(column) for name, column in self.columns().items()}
        count = lengths.get("time", 0)
        if not any(lengths.values()):
            return [Fault("", "empty", "There are no bars.")]
        return [
            Fault(f"/{name}", "unequal_length", f"{length} values, but {count} times.")
            for name, length in lengths.items()
            if length != count
        ]

    def _value_faults(self) -> tuple[list[Fault], int]:
        """Return the first faults of the values, and how many there are in all."""
        faults: list[Fault] = []
        total = 0
        for wrong, name, code, says in self._checks():
            total += int(np.count_nonzero(wrong))
            if len(faults) < MOST_FAULTS and wrong.any():
                positions = np.flatnonzero(wrong)[: MOST_FAULTS - len(faults)]
                faults += [Fault(f"/{name}/{i}", code, f"{getattr(self, name)[i]} {says}.") for i in positions]
        return faults, total

    def _checks(self) -> list[tuple[Bools, str, str, str]]:
        checks = []
        for name in PRICES:
            column = getattr(self, name)
            checks.append((~np.isfinite(column), name, "not_finite", "is not a finite number"))
        # Comparisons with NaN are false, so what is not finite is named once.
        sound = self.high >= self.low
        top, bottom = np.fmax(self.open, self.close), np.fmin(self.open, self.close)
        checks.append((self.high < self.low, "high", "high_below_low", "is below the low"))
        checks.append((sound & (self.high < top), "high", "high_below_body", "is below open or close"))
        checks.append((sound & (self.low > bottom), "low", "low_above_body", "is above open or close"))
        if self.volume is not None:
            checks.append((np.isinf(self.volume), "volume", "not_finite", "is not a finite number"))
            checks.append((self.volume < 0, "volume", "negative_volume", "is below zero"))
        # Compared rather than subtracted: the difference of two int64 may overflow.
        same, back = np.zeros(len(self), dtype=np.bool_), np.zeros(len(self), dtype=np.bool_)
        same[1:], back[1:] = self.time[1:] == self.time[:-1], self.time[1:] < self.time[:-1]
        checks.append((same, "time", "duplicate_time", "is the time of the bar before"))
        checks.append((back, "time", "not_sorted", "is earlier than the bar before"))
        return checks


def _times(values: ArrayLike) -> Times | None:
    """Return whole numbers as a column, or None where they are not that."""
    given = _given(values, "iu")
    return None if given is None else _read_only(np.ascontiguousarray(given, dtype=np.int64))


def _floats(values: ArrayLike) -> Floats | None:
    """Return numbers as a column, or None where they are not that."""
    given = _given(values, "iuf")
    return None if given is None else _read_only(np.ascontiguousarray(given, dtype=np.float64))


def _given(values: ArrayLike, kinds: str) -> NDArray[Any] | None:
    try:
        given = np.asarray(values)
    except (TypeError, ValueError, OverflowError):
        return None
    return given if given.ndim == 1 and (not given.size or given.dtype.kind in kinds) else None


def _read_only(column: NDArray[Number]) -> NDArray[Number]:
    """Return the column closed to writing, as a view: the caller's own array is neither written nor locked."""
    view = column.view()
    view.flags.writeable = False
    return view
