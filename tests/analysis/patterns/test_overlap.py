"""Two events of one name never share more than half of the shorter one's bars, and which of two rivals stays."""

from itertools import combinations

import pytest

from analysis import Plan, run, trade_facts
from analysis.events import Event
from analysis.patterns.candidates import Candidate
from analysis.patterns.marks import Mark
from analysis.patterns.overlap import SAME_BARS, SHARED, without_rivals
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


def candidate(name: str, first: int, last: int, bar: int) -> Candidate:
    marks = [Mark("start", first, 1.0, first), Mark("end", last, 1.0, last)]
    return Candidate(name=name, direction=1, score=0.5, bar=bar, marks=marks, life=20)


def stay(size: str, *candidates: Candidate) -> list[str]:
    return [one.name for one in without_rivals(candidates, SIZES[size])]


TRIANGLE = candidate("symmetrical_triangle", 30, 50, 52)
RECTANGLE = candidate("rectangle", 0, 50, 55)


def test_a_small_shape_within_a_large_one_of_another_name_is_a_rival_at_larger_scales_alone() -> None:
    assert stay("classic", TRIANGLE, RECTANGLE) == stay("swing", TRIANGLE, RECTANGLE) == [TRIANGLE.name]
    assert stay("short", TRIANGLE, RECTANGLE) == [TRIANGLE.name, RECTANGLE.name]


def test_of_two_names_over_the_same_bars_the_first_confirmed_stays() -> None:
    assert SAME_BARS == trade_facts.SAME
    # 60 of 100 bars are the same, or 59.
    wedge = candidate("rising_wedge", 0, 59, 120)
    for last, expected in ((99, [wedge.name]), (100, [wedge.name, RECTANGLE.name])):
        assert stay("short", candidate("rectangle", 0, last, 121), wedge) == expected


def test_of_one_name_who_shares_more_than_half_of_the_shorter_is_a_rival_at_every_scale() -> None:
    first = candidate("rectangle", 0, 100, 101)
    for size in SIZES:
        assert stay(size, first, candidate("rectangle", 50, 90, 102)) == ["rectangle"]
        assert stay(size, first, candidate("rectangle", 80, 120, 125)) == ["rectangle"] * 2


def test_what_was_over_before_a_shape_began_takes_nothing_from_it() -> None:
    early = candidate("rectangle", 0, 40, 45)
    assert stay("short", early, candidate("rectangle", 46, 80, 85)) == ["rectangle"] * 2
