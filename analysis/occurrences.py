"""Events as columns: whether one is confirmed on a bar, and what is known of the newest one while it is open."""

from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter

import numpy as np

from analysis.arrays import Floats
from analysis.events import Event
from analysis.language.nodes import Events
from analysis.late_events import CandlestickEvents

SIDES = {"bullish": 1.0, "bearish": -1.0, "neutral": 0.0}
MOST_TARGETS = 2  # that are followed


def accepted(node: Events, events: Sequence[Event]) -> Iterator[Event]:
    """Yield the events of the asked side whose score is no lower than asked."""
    for event in events:
        if (not node.side or event.side == node.side) and event.score >= node.min_score:
            yield event


def confirmed(node: Events, found: Iterable[tuple[int, Sequence[Event]]], count: int) -> Floats:
    """Return 1 on the bars on which an event is confirmed, 0 on the others after every pattern's warm-up.

    `found` are each call's warm-up and events. Before a warm-up is over, that there is none is unknown.
    """
    column, unknown = np.zeros(count), 0
    for warmup, events in found:
        unknown = max(unknown, warmup)
        if isinstance(events, CandlestickEvents):
            column[events.bars(node.side, node.min_score)] = 1.0
        else:
            column[[event.bar for event in accepted(node, events)]] = 1.0
    before = column[:unknown]
    before[before == 0.0] = np.nan
    return column


def attribute(node: Events, name: str, found: Iterable[tuple[int, Sequence[Event]]], count: int) -> Floats:
    """Return an attribute of the newest event on the bars on which that is open; of several on a bar the best score's.

    It is open from the bar that confirms it to before the one on which its stop or last target is reached, it fails or
    its time is over; a candlestick on its own bar. Unknown on all others.
    """
    events = sorted(
        (event for _, events in found for event in accepted(node, events)),
        key=attrgetter("bar", "score", "name", "id"),
    )
    column = np.full(count, np.nan)
    for place, event in enumerate(events):
        newer = events[place + 1].bar if place + 1 < len(events) else count
        if newer > event.bar:
            column[event.bar : min(newer, open_until(event, count))] = _value(event, name)
    return column


def _value(event: Event, name: str) -> float:
    if name == "side":
        return SIDES[event.side]
    if name == "score":
        return event.score
    value = event.stop if name == "stop" else event.entry_reference
    if name == "target":
        value = event.targets[0] if event.targets else None
    return np.nan if value is None else value


def open_until(event: Event, count: int) -> int:
    """Return the bar on which the event is open no more; `count`, the number of bars, while it is open on the last."""
    if not event.points:
        return event.bar + 1
    # A target that was passed before is never reached.
    first = 2 if event.reached_before_confirmation else 1
    left = set(range(first, min(len(event.targets), MOST_TARGETS) + 1))
    for change in event.history[1:]:
        if change.target is None:
            return change.bar
        left.discard(change.target)
        if not left:
            return change.bar
    return count
