"""The one check of a timeframe's name."""

from __future__ import annotations

from analysis.timeframe import KNOWN
from market.errors import TimeframeUnknown

DAILY = frozenset({"1d", "1w", "1M"})  # bars stamped with the date of a session, at 00:00 UTC


def checked_timeframe(timeframe: str) -> str:
    """Return the timeframe unchanged; raise TimeframeUnknown if it is not one the engine knows."""
    if not isinstance(timeframe, str) or timeframe not in KNOWN:
        raise TimeframeUnknown(f"A timeframe is one of {', '.join(KNOWN)}.")
    return timeframe
