"""Two events of one name never share more than half of the shorter one's bars."""

from itertools import combinations

import pytest

from analysis import Plan, run
from analysis.events import Event
from analysis.patterns.overlap import SHARED
from analysis.patterns.sizes import SIZES
from analysis.validation.entry_checks import LATER_NS
from analysis.validation.sized_plans import at_scale
from market.demo_series import demo_bars, demo_symbols

LEVELS = ["support", "resistance", "level_breakout", "level_retest"]
OTHERS = ["harmonic", "elliott", "divergence", *LEVELS]


def shared(one: Event, other: Event) -> float:
    spans = [(event.points[0].bar, event.points[-1].bar) for event in (one, other)]
    both = min(end for _, end in spans) - max(start for start, _ in spans)
    return both / max(1, min(end - start for start, end in spans))


@pytest.mark.parametrize("symbol", demo_symbols())
def test_events_of_one_name_lie_apart(symbol: str) -> None:
    bars = demo_bars(symbol)
    for asked in (OTHERS, *(at_scale("chart_patterns", scale) for scale in SIZES)):
        by_name: dict[str, list[Event]] = {}
        for event in run(Plan.parse(asked), bars, now_ns=LATER_NS).events:
            by_name.setdefault(event.name, []).append(event)
        assert by_name
        for name, events in by_name.items():
            worst = max((shared(*pair) for pair in combinations(events, 2)), default=0.0)
            assert worst <= SHARED, name


def test_what_becomes_of_a_level_is_told_only_of_levels_that_are() -> None:
    for symbol in demo_symbols():
        events = run(Plan.parse(LEVELS), demo_bars(symbol), now_ns=LATER_NS).events
        known = {event.points[0].time for event in events if event.name in ("support", "resistance")}
        assert all(event.points[0].time in known for event in events)
