"""Families of events, each with a model of its own: where they are found, and what they are won and lost by.

Patterns state target, stop and life. Candlesticks state none of them: their target and stop stand two ATR14 from the
entry, for 20 bars, which is comparable among names. A neutral one has no side, so nothing to win, and no label.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from analysis import Bars, Plan
from analysis.catalog.registry import ENTRIES
from analysis.events import Event
from analysis.outcomes import Setups, stated, symmetric
from analysis.timeframe import DAY_NS

LARGER = "swing"  # the second scale that chart patterns are looked for at
WIDTH_ATR, LIFE = 2.0, 20  # of a target and a stop that no event states, and for how many bars


@dataclass(frozen=True)
class Family:
    """Events that one model is trained on and asked of: `kind` names them in its card, `name` and `version` the model.

    `states_prices` tells whether events have target, stop and life of their own. Where all would be too many, those of
    one calendar day in `every_days` of each symbol are trained and judged on.

    `trials` is what was held against the tried events until the model was as it is, each for two heads. Shrinkages, and
    whether chance has a line, are chosen on inner folds and are no trials. Who tries more adds it here.
    """

    kind: str
    name: str
    version: str
    categories: tuple[str, ...]
    states_prices: bool = True
    every_days: int = 1
    trials: int = 2

    def plans(self) -> list[Plan]:
        """Return the plans that find the events: all at their defaults, and chart patterns that are larger besides."""
        large: list[Mapping[str, Any]] = [
            {"name": name, "params": {"scale": LARGER}}
            for name, one in ENTRIES.items()
            if one.category == "chart_patterns" and any(param.name == "scale" for param in one.params)
        ]
        plan = Plan.parse(self.categories)
        return [plan, Plan.parse(large)] if "chart_patterns" in self.categories else [plan]

    def setups(self, events: Sequence[Event], bars: Bars) -> Setups:
        """Return what there would be to trade, by the prices that the events state, or by those that all share."""
        return stated(events, bars) if self.states_prices else alike(events, bars)

    def life_of(self, event: Event) -> int | None:
        """Return the number of bars in which an event is won, lost or over."""
        return event.life if self.states_prices else LIFE

    def drawn(self, symbol: str, events: Sequence[Event]) -> Sequence[Event]:
        """Return the events that are trained and judged on: those of one day in `every_days`, for ever the same.

        A hash of the symbol says on which day it begins, so that symbols have not one day in common.
        """
        if self.every_days == 1:
            return events
        first = int(sha256(symbol.encode()).hexdigest()[8:16], 16)
        return [event for event in events if (event.confirmed_at // DAY_NS + first) % self.every_days == 0]


PATTERNS = Family(
    "patterns",
    "pattern_outcome",
    "2.0.0",
    ("chart_patterns", "harmonic", "elliott", "divergence"),
    # The blend without a line through chance, with it, and that again without events whose life was not over.
    trials=3 * 2,
)
CANDLESTICKS = Family(
    "candlesticks",
    "candlestick_outcome",
    "1.0.0",
    ("candlesticks",),
    states_prices=False,
    every_days=25,
    # As of patterns, all of which is in it; and once more with the rate for the line, where chance told less.
    trials=4 * 2,
)
FAMILIES = {one.name: one for one in (PATTERNS, CANDLESTICKS)}


def family_of(event: Event) -> Family:
    """Return whose model is asked of an event."""
    return CANDLESTICKS if category_of(event) in CANDLESTICKS.categories else PATTERNS


def category_of(event: Event) -> str:
    """Return the category of an event's pattern in the catalogue."""
    return ENTRIES[event.name].category if event.name in ENTRIES else ""


def alike(events: Sequence[Event], bars: Bars) -> Setups:
    """Return setups whose target and stop are as far from the entry for every event, whatever it states itself."""
    return symmetric(events, bars, WIDTH_ATR, LIFE)
