"""Moments as int64 nanoseconds since 1970 UTC, and back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_ns(moment: datetime) -> int:
    """Return the nanoseconds of an aware datetime, exactly; raise ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("a naive time means nothing here")
    return (moment - _EPOCH) // _MICROSECOND * 1_000


def from_ns(nanoseconds: int) -> datetime:
    """Return the aware datetime, rounded down to the microsecond."""
    return _EPOCH + timedelta(microseconds=nanoseconds // 1_000)
