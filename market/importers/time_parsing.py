"""Times as files write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo

from market.time_conversion import to_ns
from market.timestamps import EARLIEST_NS, LATEST_NS

_NUMBER = re.compile(r"-?[0-9]{9,20}(\.[0-9]+)?")
_DOTTED_DATE = re.compile(r"([0-9]{4})\.([0-9][0-9])\.([0-9][0-9])")
_DATE = re.compile(r"[0-9]{4}-[0-9][0-9]-[0-9][0-9]|[0-9]{8}")
# An epoch's unit by its size, value by value, because some vendors mix them: each range ends in the year
# 2286.
_UNITS = ((10**10, 10**9), (10**13, 10**6), (10**16, 10**3))


def moment_of(text: str, *, zone: tzinfo | None, time_format: str | None, daily: bool) -> int | tuple[str, str]:
    """Return the nanoseconds since 1970 UTC, or (code, detail) of what is wrong.

    A date alone is a session date and stands for 00:00 UTC, as does midnight in daily bars. Any other time
    without a zone is taken in `zone`; without one it is a fault. Epochs may be seconds, milliseconds,
    micro- or nanoseconds.
    """
    if time_format is None and _NUMBER.fullmatch(text):
        return _epoch(text)
    try:
        if time_format is not None:
            moment, date_only = datetime.strptime(text, time_format), False  # noqa: DTZ007 (the zone follows)
        else:
            plain = _DOTTED_DATE.sub(r"\1-\2-\3", text)
            moment, date_only = datetime.fromisoformat(plain), bool(_DATE.fullmatch(plain))
    except ValueError:
        return "not_a_time", f"{text[:40]!r} is not ISO 8601"
    if moment.tzinfo is None:
        if date_only or (daily and moment.time() == datetime.min.time()):
            moment = moment.replace(tzinfo=UTC)
        elif zone is None:
            return "naive_time", f"{text[:40]!r} has no zone: name it"
        else:
            moment = moment.replace(tzinfo=zone)
    try:
        return _in_range(to_ns(moment))
    except OverflowError:
        return _in_range(LATEST_NS + 1)


def _epoch(text: str) -> int | tuple[str, str]:
    whole = int(text.split(".")[0])
    factor = next((factor for limit, factor in _UNITS if abs(whole) < limit), 1)
    if "." in text:
        return _in_range(round(float(text) * factor / 1_000_000) * 1_000_000)
    return _in_range(whole * factor)


def _in_range(nanoseconds: int) -> int | tuple[str, str]:
    if not EARLIEST_NS <= nanoseconds <= LATEST_NS:
        return "time_out_of_range", "times lie in the years 1678 to 2261"
    return nanoseconds
