"""Two events of one name never share more than half of the shorter one's bars, and which of two rivals stays."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pytest

from analysis import Plan, run, trade_facts
from analysis.events import Event
from analysis.kernels.overlap import ANY, BY_BARS, BY_NAME
from analysis.patterns.candidates import Candidate
from analysis.patterns.marks import Mark
from analysis.patterns.overlap import SAME_BARS, SHARED, rivals_of, without_rivals
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
    return [one.name for one in without_rivals(candidates, rivals_of(SIZES[size]))]


TRIANGLE = candidate("symmetrical_triangle", 30, 50, 52)
RECTANGLE = candidate("rectangle", 0, 50, 55)


def by_the_rule(candidates: Sequence[Candidate], rivals: int) -> list[Candidate]:
    """Return what stays, as the rule is said in words: each is held against all that stayed before it."""
    kept: list[Candidate] = []
    for one in sorted(candidates, key=lambda one: (one.bar, -len(one.marks), -one.score, one.name, one.marks[0].bar)):
        first, last = one.marks[0].bar, one.marks[-1].bar
        for other in kept:
            start, end = other.marks[0].bar, other.marks[-1].bar
            both = min(last, end) - max(first, start)
            if other.bar < first or (rivals == BY_NAME and one.name != other.name):
                continue
            if rivals == BY_BARS and one.name != other.name:
                is_rival = both + 1 >= SAME_BARS * (max(last, end) - min(first, start) + 1)
            else:
                is_rival = both > SHARED * min(last - first, end - start)
            if is_rival:
                break
        else:
            kept.append(one)
    return kept


@pytest.mark.parametrize("rivals", [ANY, BY_BARS, BY_NAME])
def test_what_stays_is_what_the_rule_says(rivals: int) -> None:
    rng = np.random.default_rng(rivals)
    for count in (0, 1, 2, 5, 40, 200):
        candidates = []
        for _ in range(count):
            first = int(rng.integers(0, 300))
            bars = [first, *sorted(first + rng.integers(1, 60, int(rng.integers(1, 5))))]
            candidates.append(
                Candidate(
                    name="abc"[rng.integers(0, 3)],
                    direction=1,
                    score=float(rng.integers(0, 4)) / 4.0,
                    bar=int(bars[-1] + rng.integers(0, 8)),
                    marks=[Mark("point", int(bar), 1.0, int(bar)) for bar in bars],
                    life=20,
                )
            )
        kept = without_rivals(candidates, rivals)
        assert list(map(id, kept)) == list(map(id, by_the_rule(candidates, rivals)))


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
