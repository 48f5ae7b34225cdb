"""Where a pattern occurs: the clearest event of its name in the series that ship, or else in bars drawn for it."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np

from analysis import Bars, Plan, run
from analysis.catalog import registry
from analysis.events import Event
from analysis.patterns.candlestick_names import BARS as CANDLESTICK_BARS
from market.demo_series import demo_bars, demo_symbols
from scripts.entry_pictures import drawn_bars

LATER_NS = 4_102_444_800_000_000_000  # 2100: every bar is over
LONGEST = 75  # bars of a shape in a small picture
LONGEST_DRAWN = 140  # of a harmonic, whose legs are longer, and which is drawn: real ones take a year
CLEAR = 0.6  # the least score of an example, where there is one
Found = tuple[float, Bars, Event]


class Example(NamedTuple):
    """A pattern's bars and its event."""

    bars: Bars
    event: Event


def example(name: str) -> Example:
    """Return the clearest event of this name; raise LookupError if there is none."""
    shipped = [] if registry.get(name).category == "harmonic" else list(_shipped(name))
    clear = [one for one in shipped if one[2].score >= CLEAR] or list(_drawn(name)) or shipped
    if not clear:
        raise LookupError(name)
    return Example(*max(clear, key=lambda one: one[0])[1:])


def first_bar(event: Event) -> int:
    """Return the bar that an event begins with."""
    if event.points:
        return min(point.bar for point in event.points)
    return event.bar - CANDLESTICK_BARS.get(event.name, 2 if event.name.startswith("tweezers") else 1) + 1


def _shipped(name: str) -> Iterator[Found]:
    for symbol in demo_symbols():
        bars = _bars(symbol)
        yield from _clear(name, bars, run(Plan.parse([name]), bars, output="all", now_ns=LATER_NS).events)


def _drawn(name: str) -> Iterator[Found]:
    """Yield events in drawn bars; shapes there are as large as `swing` is."""
    has_scale = any(param.name == "scale" for param in registry.get(name).params)
    plan = Plan.parse([f"{name}(scale=swing)" if has_scale else name])
    for bars in drawn_bars.of(name):
        yield from _clear(name, bars, run(plan, bars, output="all", now_ns=LATER_NS).events)


def _clear(name: str, bars: Bars, events: Sequence[Event]) -> Iterator[Found]:
    """Yield the events of the name that a small picture can show, with how clear they are."""
    for event in events:
        begin = first_bar(event)
        if event.name != name or begin < 30 or event.bar + 12 >= len(bars):
            continue
        longest = LONGEST_DRAWN if bars.symbol == "drawn" else LONGEST
        if event.points and event.bar - begin > longest:
            continue
        if not event.points and event.score > 1:
            continue  # the confirmation of a hikkake, some bars after it
        yield _clarity(bars, event, begin), bars, event


def _clarity(bars: Bars, event: Event, begin: int) -> float:
    """Return the score, and how much of the picture's height the event's own bars take."""
    around, own = slice(max(0, begin - 12), event.bar + 8), slice(begin, event.bar + 1)
    whole = float(bars.high[around].max() - bars.low[around].min())
    share = float(bars.high[own].max() - bars.low[own].min()) / whole
    return float(np.round(event.score + share, 6))


@cache
def _bars(symbol: str) -> Bars:
    return demo_bars(symbol)
