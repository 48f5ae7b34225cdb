"""Which session an intraday bar belongs to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np

from analysis.arrays import Ints
from analysis.errors import BarsError
from analysis.session_rule import demanded_zone, zone_named
from market.errors import TimezoneUnknown

_DAY_SECONDS = 86_400
_SECOND_NS = 1_000_000_000


def zone_of(timezone: str) -> ZoneInfo:
    """Return the zone of an IANA name; raise TimezoneUnknown if there is none."""
    return _zone(demanded_zone, timezone)


def _zone(check: Callable[[str], ZoneInfo], timezone: str) -> ZoneInfo:
    try:
        return check(timezone)
    except BarsError as error:
        raise TimezoneUnknown(error.faults[0].detail) from None


def session_ids(time: Ints, timezone: str) -> Ints | None:
    """Return the session id of each bar: its calendar day in the zone, as days since 1970; None for UTC.

    None because the numeric core takes UTC days by itself. Offsets are asked of the zone only where a UTC day
    starts or ends, and bar by bar only on the two days a year on which the offset changes.
    """
    if timezone == "UTC":
        return None
    zone = _zone(zone_named, timezone)
    seconds = time // _SECOND_NS
    days, where = np.unique(seconds // _DAY_SECONDS, return_inverse=True)
    starts = np.array([_offset(zone, int(day) * _DAY_SECONDS) for day in days])
    ends = np.array([_offset(zone, (int(day) + 1) * _DAY_SECONDS) for day in days])
    offsets = starts[where]
    for bar in np.flatnonzero((starts != ends)[where]):
        offsets[bar] = _offset(zone, int(seconds[bar]))
    sessions: Ints = ((seconds + offsets) // _DAY_SECONDS).astype(np.int64)
    return sessions


def _offset(zone: ZoneInfo, seconds: int) -> int:
    offset = datetime.fromtimestamp(seconds, tz=zone).utcoffset()
    return 0 if offset is None else int(offset.total_seconds())
