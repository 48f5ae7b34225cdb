"""Chart patterns still open: all their points are there, and what is missing is the close that confirms them.

A detector is asked what it would say if the next bar closed far above, or far below, everything before it: what that
close would confirm, on points that are known by now, is forming. A shape between two lines may come out on either side
and is told for both. Nothing of this is certain: each of them may vanish with the next bar.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

from analysis.arrays import Floats
from analysis.bars import Bars
from analysis.catalog.entry import DetectionContext
from analysis.events import Event, StatusChange
from analysis.patterns.candidates import times_of
from analysis.patterns.shapes import Shapes

FAR = (2.0, 0.5)  # times the last close: beyond any line that a shape is waiting at
BY_CLOSE = ("handle",)  # points that the confirming close itself makes known
Family = Callable[[DetectionContext], Mapping[str, Sequence[Event]]]


@cache
def awaiting(family: Family) -> Family:
    """Return what finds by name the events of this family that only a close is missing to."""

    def found(given: DetectionContext) -> Mapping[str, Sequence[Event]]:
        forming: dict[str, list[Event]] = {}
        for times in FAR:
            for name, events in family(_after(given, times)).items():
                at_last = events.at(len(given.bars)) if isinstance(events, Shapes) else events
                still = [_still_open(given, event) for event in at_last if event.bar == len(given.bars)]
                forming.setdefault(name, []).extend(event for event in still if event is not None)
        return forming

    return found


def _after(given: DetectionContext, times: float) -> DetectionContext:
    """Return what a detector would be given if the next bar closed at a multiple of the last close."""

    def column(text: str) -> Floats:
        return np.append(given.column(text), np.nan)

    nothing: dict[Hashable, Any] = {}
    bars, shared = given.once(("after", times), lambda: (_with_close(given.bars, times), nothing))
    return DetectionContext(bars, (), given.values, shared, column)


def _with_close(bars: Bars, times: float) -> Bars:
    last = float(bars.close[-1])
    close = last * times
    step = int(bars.time[-1] - bars.time[-2]) if len(bars) > 1 else 1
    return Bars(
        time=np.append(bars.time, bars.time[-1] + step),
        open=np.append(bars.open, last),
        high=np.append(bars.high, max(last, close)),
        low=np.append(bars.low, min(last, close)),
        close=np.append(bars.close, close),
        volume=None if bars.volume is None else np.append(bars.volume, bars.volume[-1]),
        timeframe=bars.timeframe,
        symbol=bars.symbol,
    )


def _still_open(given: DetectionContext, event: Event) -> Event | None:
    """Return the event as it is before that close; None if one of its points is not known by now."""
    time = times_of(given)
    points = tuple([p._replace(confirmed_at=p.time) if p.label in BY_CLOSE else p for p in event.points])
    known_at = max(point.confirmed_at for point in points)
    if known_at > time[-1] or max(point.bar for point in points) >= len(time):
        return None
    known = int(np.searchsorted(given.bars.time, known_at))
    unsaid = dict.fromkeys(("entry_reference", "remaining_to_target", "reached_before_confirmation"))
    history = (StatusChange("forming", known, known_at),)
    return event.of_fields(
        **{**event.__dict__, **unsaid, "points": points, "bar": known, "confirmed_at": known_at, "history": history}
    )
