"""Which events a picture shows: shapes before candlesticks, each whole or not at all, and what is left out is said."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from analysis import Bars
from charts import windows
from charts.description import Event

MAX_SHAPES = 6  # more are lines across lines
GROWTH, LEAST = 2, 100  # how many times longer a window may become for its shapes, and how long at least
MOST_NAMED = 6  # kinds of candlesticks that are counted by name


@dataclass(slots=True)
class Selection:
    """The bars to show, the events to draw on them, oldest first, and sentences on the others."""

    window: slice
    shapes: list[Event] = field(default_factory=list)
    candlesticks: list[Event] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def select(bars: Bars, window: slice, events: Sequence[Event]) -> Selection:
    """Return the newest shapes that are confirmed in the window and all its candlesticks.

    A shape that begins before the window starts the window earlier; one for which it would become more than twice as
    long is left out.
    """
    made = Selection(window)
    shapes = sorted((one for one in events if one.get("points")), key=_confirmed)
    inside = _inside(bars, made.window, shapes)
    begin, too_long = window.start, 0
    most = min(windows.MAX_BARS, max(LEAST, GROWTH * (window.stop - window.start)))
    for event in reversed(inside):
        if len(made.shapes) == MAX_SHAPES:
            break
        needed = min(begin, max(0, windows.position(bars, windows.first_ms(event)) - windows.MARGIN))
        if window.stop - needed > most:
            too_long += 1
            continue
        begin = needed
        made.shapes.insert(0, event)
    made.window = slice(begin, window.stop)
    candlesticks = sorted((one for one in events if not one.get("points")), key=_confirmed)
    made.candlesticks = _inside(bars, made.window, candlesticks)
    made.notes += _counted("patterns", shapes, inside, bars)
    if len(made.shapes) < len(inside):
        before = f", {too_long} would make the window too long" if too_long else ""
        drawn = "none is drawn" if not made.shapes else f"the newest {len(made.shapes)} are drawn"
        other = _newest_besides(inside, made.shapes)["id"]
        made.notes.append(f"Of {len(inside)} patterns {drawn}{before}; another one: event={other}")
    made.notes += _counted("candlesticks", candlesticks, made.candlesticks, bars)
    return made


def _confirmed(event: Event) -> int:
    return int(event["confirmed_at"])


def _inside(bars: Bars, window: slice, events: Sequence[Event]) -> list[Event]:
    first, last = (int(bars.time[place]) // 1_000_000 for place in (window.start, window.stop - 1))
    return [one for one in events if first <= _confirmed(one) <= last]


def _newest_besides(events: Sequence[Event], others: Sequence[Event]) -> Event:
    known = {id(one) for one in others}
    return next(one for one in reversed(events) if id(one) not in known)


def _counted(what: str, events: Sequence[Event], inside: Sequence[Event], bars: Bars) -> list[str]:
    """Return how many of the events lie outside of the window, and how to get to the newest of these."""
    if len(inside) == len(events):
        return []
    newest = _newest_besides(events, inside)
    day = np.datetime_as_string(np.datetime64(_confirmed(newest), "ms"), unit="D")
    name = str(newest["name"]).replace("_", " ")
    return [f"{len(inside)} of {len(events)} {what} in this window, last before it {name} {day}: event={newest['id']}"]


def names_of(events: Sequence[Event]) -> str:
    """Return how many candlesticks there are of each name."""
    counts = Counter(str(one["name"]).replace("_", " ") for one in events)
    named = ", ".join(f"{name} {count}" for name, count in counts.most_common(MOST_NAMED))
    others = len(counts) - MOST_NAMED
    return f"{named} and {others} other kinds" if others > 0 else named
