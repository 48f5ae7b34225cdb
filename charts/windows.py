"""Which bars of a series a picture shows."""

import numpy as np

from analysis import Bars
from charts.marks import Event

BEFORE, AFTER = 25, 45  # bars around one event


def last(bars: Bars, count: int) -> slice:
    """Return the place of the last `count` bars."""
    return slice(max(0, len(bars) - count), len(bars))


def around(bars: Bars, event: Event) -> slice:
    """Return the place of the bars from some before the event's first point to some after its confirmation."""
    times = bars.time // 1_000_000
    first = min([point["time"] for point in event.get("points") or ()] or [event["formed_at"]])
    begin, end = (int(np.searchsorted(times, moment)) for moment in (first, event["confirmed_at"]))
    return slice(max(0, begin - BEFORE), min(len(bars), end + AFTER))
