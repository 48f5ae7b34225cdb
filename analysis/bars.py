"""Bars: validated columns, read-only from then on."""

from functools import cached_property
from hashlib import sha256
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis import timeframe as timeframes
from analysis.errors import BarsError, Fault

Floats = NDArray[np.float64]
Times = NDArray[np.int64]

Number = TypeVar("Number", np.int64, np.float64)

PRICES = ("open", "high", "low", "close")
MOST_FAULTS = 100


class Bars:
    """Open, high, low, close and volume of one symbol, oldest first.

    `time` is each bar's OPEN in int64 nanoseconds UTC; a daily bar is stamped 00:00 of its session date. `volume` is
    None, or holds NaN, where it is unknown. `session` is a session id per bar; None means one session per UTC day.
    Raises BarsError with every fault.
    """

    __slots__ = ("__dict__", "close", "high", "low", "open", "session", "symbol", "time", "timeframe", "volume")

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
        symbol: str | None = None,
    ) -> None:
        self.time = _times(time)
        self.open, self.high, self.low, self.close = (_floats(prices) for prices in (open, high, low, close))
        self.volume = None if volume is None else _floats(volume)
        self.session = None if session is None else _times(session)
        self.symbol = symbol
        self._validate()
        if timeframe is None:
            timeframe = timeframes.infer(self.time)
        elif timeframe not in timeframes.KNOWN:
            known = ", ".join(timeframes.KNOWN)
            raise BarsError([Fault("/timeframe", "unknown_timeframe", f"{timeframe!r} is not one of {known}.")])
        self.timeframe = timeframe

    def __len__(self) -> int:
        return len(self.time)

    def slice(self, start: int | None, stop: int | None) -> "Bars":
        """Return the bars from start to before stop, as views; they are not validated again."""
        part = object.__new__(Bars)
        for name in ("time", *PRICES, "volume", "session"):
            column = getattr(self, name)
            setattr(part, name, None if column is None else column[start:stop])
        part.timeframe, part.symbol = self.timeframe, self.symbol
        return part

    @cached_property
    def fingerprint(self) -> str:
        """Return the sha256 (hex) of the columns and the timeframe; the same on every machine."""
        digest = sha256(f"{self.timeframe}\n{len(self)}\n".encode())
        for name in ("time", *PRICES, "volume", "session"):
            column = getattr(self, name)
            digest.update(name.encode())
            if column is not None:
                digest.update(column.astype(column.dtype.newbyteorder("<"), copy=False).tobytes())
        return digest.hexdigest()

    def last_closed(self, now_ns: int) -> bool:
        """Return whether the last bar is over at this moment (int64 ns UTC)."""
        return len(self) == 0 or timeframes.closes_at(int(self.time[-1]), self.timeframe) <= now_ns

    def _validate(self) -> None:
        lengths = {
            name: len(column)
            for name in ("time", *PRICES, "volume", "session")
            if (column := getattr(self, name)) is not None
        }
        count = lengths["time"]
        unequal = [
            Fault(f"/{name}", "unequal_length", f"{length} values, but {count} times.")
            for name, length in lengths.items()
            if length != count
        ]
        if unequal:
            raise BarsError(unequal)
        checks: list[tuple[NDArray[np.bool_], str, str, str]] = []
        with np.errstate(invalid="ignore"):
            for name in PRICES:
                column = getattr(self, name)
                finite = np.isfinite(column)
                checks.append((~finite, name, "not_finite", "is not a finite number"))
                checks.append((finite & (column <= 0), name, "price_not_positive", "is not above zero"))
            body_low, body_high = np.minimum(self.open, self.close), np.maximum(self.open, self.close)
            checks.append((self.high < self.low, "high", "high_below_low", "is below the low"))
            checks.append(
                ((self.high < body_high) & (self.high >= self.low), "high", "high_below_body", "is below open or close")
            )
            checks.append(
                ((self.low > body_low) & (self.high >= self.low), "low", "low_above_body", "is above open or close")
            )
            if self.volume is not None:
                checks.append((np.isinf(self.volume), "volume", "not_finite", "is not a finite number"))
                checks.append((self.volume < 0, "volume", "negative_volume", "is below zero"))
            step = np.diff(self.time, prepend=self.time[:1] - 1) if count else self.time
            checks.append((step == 0, "time", "duplicate_time", "is the time of the bar before"))
            checks.append((step < 0, "time", "not_sorted", "is earlier than the bar before"))
        faults: list[Fault] = []
        total = 0
        for wrong, name, code, says in checks:
            total += int(np.count_nonzero(wrong))
            if len(faults) < MOST_FAULTS and wrong.any():
                positions = np.flatnonzero(wrong)[: MOST_FAULTS - len(faults)]
                faults += [Fault(f"/{name}/{i}", code, f"{getattr(self, name)[i]} {says}.") for i in positions]
        if faults:
            raise BarsError(faults, more=total - len(faults))


def _times(values: ArrayLike) -> Times:
    return _read_only(np.ascontiguousarray(values, dtype=np.int64).view())


def _floats(values: ArrayLike) -> Floats:
    return _read_only(np.ascontiguousarray(values, dtype=np.float64).view())


def _read_only(column: NDArray[Number]) -> NDArray[Number]:
    """Return the view closed to writing; the caller's own array is neither written nor locked."""
    if column.ndim != 1:
        raise BarsError([Fault("", "wrong_shape", "A column has one dimension.")])
    column.flags.writeable = False
    return column
