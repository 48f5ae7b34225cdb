"""The lengths of bars that are known, and how one is told from the times."""

import numpy as np

from analysis.arrays import Ints
from analysis.errors import BarsError, Fault

MINUTE_NS = 60_000_000_000
DAY_NS = 1_440 * MINUTE_NS
# A calendar month has no fixed length; 28 to 31 days are one.
MONTH = "1M"

LENGTH_NS: dict[str, int] = {
    "1m": MINUTE_NS,
    "3m": 3 * MINUTE_NS,
    "5m": 5 * MINUTE_NS,
    "15m": 15 * MINUTE_NS,
    "30m": 30 * MINUTE_NS,
    "1h": 60 * MINUTE_NS,
    "2h": 120 * MINUTE_NS,
    "4h": 240 * MINUTE_NS,
    "6h": 360 * MINUTE_NS,
    "8h": 480 * MINUTE_NS,
    "12h": 720 * MINUTE_NS,
    "1d": DAY_NS,
    "1w": 7 * DAY_NS,
}
KNOWN = (*LENGTH_NS, MONTH)


SESSIONS_A_YEAR = 252  # of an exchange
BARS_A_YEAR = {"1d": float(SESSIONS_A_YEAR), "1w": 52.0, MONTH: 12.0}


def bars_a_year(timeframe: str) -> float:
    """Return how many bars a year has: sessions, weeks or months, and within a session as many as 24 hours have."""
    within = LENGTH_NS.get(timeframe, DAY_NS)
    return BARS_A_YEAR.get(timeframe) or SESSIONS_A_YEAR * DAY_NS / within


def infer(time: Ints) -> str:
    """Return the timeframe whose length is the median step of the times (int64 ns).

    Raises BarsError with code `unknown_timeframe` for fewer than two bars or a step that is none of the known ones.
    """
    step = int(np.median(np.diff(time))) if len(time) > 1 else 0
    for name, length in LENGTH_NS.items():
        if step == length:
            return name
    if 28 * DAY_NS <= step <= 31 * DAY_NS:
        return MONTH
    known = ", ".join(KNOWN)
    raise BarsError([Fault("/timeframe", "unknown_timeframe", f"Cannot tell the timeframe; give one of {known}.")])


def closes_at(open_ns: int, timeframe: str) -> int:
    """Return when a bar that opens at open_ns (UTC) closes: the nominal end of its timeframe."""
    if timeframe != MONTH:
        return open_ns + LENGTH_NS[timeframe]
    month = np.datetime64(open_ns, "ns").astype("datetime64[M]")
    return int((month + np.timedelta64(1, "M")).astype("datetime64[ns]").astype(np.int64))
