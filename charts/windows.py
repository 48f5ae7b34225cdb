"""Which bars of a series a picture shows."""

import numpy as np

from analysis import Bars
from charts.description import Event

BEFORE, AFTER = 25, 45  # bars around one event
MARGIN = 3  # bars before the first point of a shape that begins the window
MAX_BARS = 600  # more cannot be told apart


def last(bars: Bars, count: int, end_ms: int | None = None) -> slice:
    """Return the place of the last `count` bars, or of those before a moment; no fewer than one if there are any."""
    stop = len(bars) if end_ms is None else max(1, int(np.searchsorted(bars.time, end_ms * 1_000_000)))
    stop = min(stop, len(bars))
    return slice(max(0, stop - min(count, MAX_BARS)), stop)


def around(bars: Bars, event: Event) -> slice:
    """Return the place of the bars from some before the event's first point to some after its confirmation.

    An event that takes more bars than a picture has keeps its end.
    """
    begin, end = position(bars, first_ms(event)), position(bars, int(event["confirmed_at"]))
    stop = min(len(bars), end + AFTER)
    return slice(max(0, begin - BEFORE, stop - MAX_BARS), stop)


def position(bars: Bars, moment_ms: int) -> int:
    """Return the place of the first bar at or after a moment."""
    return int(np.searchsorted(bars.time, moment_ms * 1_000_000))


def first_ms(event: Event) -> int:
    """Return when an event begins: at its first point, or where it was formed."""
    return min([int(point["time"]) for point in event.get("points") or ()] or [int(event["formed_at"])])
