"""Scales of chart patterns: what each of them finds, and that a parameter that is given beats them."""

import pytest

from analysis import Plan, run
from analysis.catalog.registry import ENTRIES
from analysis.patterns.sizes import SIZES
from analysis.validation.entry_checks import LATER_NS
from analysis.validation.sized_plans import at_scale
from tests.analysis.patterns.shapes import bars_at, found
from tests.analysis.shipped import demo
from tests.bars import DAY_NS

WITHOUT = {"high_tight_flag", "darvas_box"}  # measured in percent and in bars alone
# Two tops, as many ranges high and as many bars apart as each scale asks for, and a little more.
TOPS = {"short": (2.9, 6), "classic": (4.2, 12), "swing": (8.0, 26)}


@pytest.mark.parametrize("size", TOPS)
def test_a_double_top_is_found_at_its_scale_and_at_the_smaller_ones(size: str) -> None:
    height, apart = TOPS[size]
    prices = [-height, height, 0.0, height, -2 * height]
    scales = list(SIZES)
    for scale in scales:
        hits = 0
        for seed in range(10):
            least = [4, apart // 2, apart // 2, 4]
            events, turns = found(f"double_top(scale={scale})", prices, least, seed)
            hits += turns[:3] in [bars_at(event) for event in events]
        if scales.index(scale) > scales.index(size):
            assert hits == 0
        else:
            assert hits >= 5, scale


def test_the_scale_is_classic_unless_another_is_given() -> None:
    bars = demo("AAPL", 3_000)
    plain, classic, short = (
        [event.id for event in run(Plan.parse(asked), bars, now_ns=LATER_NS).events]
        for asked in (["double_top"], ["double_top(scale=classic)"], ["double_top(scale=short)"])
    )
    assert plain == classic
    assert len(short) > len(classic) > 0


def test_a_parameter_that_is_given_beats_the_scale() -> None:
    bars = demo("AAPL", 3_000)
    for text in ("double_top", "head_and_shoulders", "rising_wedge"):
        events = run(Plan.parse([f"{text}(scale=short, min_height_atr=5)"]), bars, now_ns=LATER_NS).events
        for event in events:
            assert event.ratios is not None
            assert event.ratios["height_atr"] >= 4.9
    few, many = (
        run(Plan.parse([f"double_top(scale=short, apart={apart})"]), bars, now_ns=LATER_NS).events for apart in (30, 4)
    )
    assert all(event.points[-1].bar - event.points[0].bar > 30 for event in few)
    assert len(many) > len(few)


def test_at_short_tops_that_differ_by_half_of_their_height_are_no_double() -> None:
    def hits(asked: str, apart: float) -> int:
        prices = [-2.6, 2.6, 0.0, 2.6 + apart, -5.0]
        drawn = [found(asked, prices, [4, 6, 6, 4], seed) for seed in range(10)]
        return sum(turns[:3] in [bars_at(event) for event in events] for events, turns in drawn)

    assert hits("double_top(scale=short)", 0.2) >= 5
    assert hits("double_top(scale=short)", 1.3) == 0
    assert hits("double_top(scale=short, near_atr=1)", 1.3) >= 5


def test_tolerances_of_zero_are_those_of_the_scale() -> None:
    bars = demo("AAPL", 3_000)
    tolerances = {"double_top": ("near_atr", 0.5), "head_and_shoulders": ("shoulder_atr", 0.75)}
    for name, (parameter, classic) in {**tolerances, "rising_wedge": ("touch_atr", 0.45)}.items():
        by_scale, given = (
            [event.id for event in run(Plan.parse([f"{name}({parameter}={value})"]), bars, now_ns=LATER_NS).events]
            for value in (0, classic)
        )
        assert by_scale == given != []


def test_at_short_the_close_beyond_may_come_a_whole_width_after_the_last_point_is_known() -> None:
    # Two tops 16 bars apart, and as many bars above what lies between before the close below it.
    prices = [-9.0, 4.0, 0.0, 4.0, 1.5, 3.0, -4.0]
    waits: dict[str, list[float]] = {"short": [], "classic": []}
    for scale, mine in waits.items():
        for seed in range(20):
            events, turns = found(f"double_top(scale={scale})", prices, [6, 8, 8, 5, 5, 5], seed)
            for event in events:
                if bars_at(event) == turns[:3]:
                    last = event.points[-1]
                    known = last.bar + (last.confirmed_at - last.time) / DAY_NS
                    mine.append((event.bar - known) / (last.bar - event.points[0].bar))
    assert 0.6 < max(waits["short"]) <= 1.0
    assert max(waits["classic"]) <= 0.6


def test_every_chart_pattern_that_is_measured_in_ranges_has_a_scale_and_nothing_else_has() -> None:
    asked = at_scale("chart_patterns", "short")
    assert len(asked) == len([entry for entry in ENTRIES.values() if entry.category == "chart_patterns"])
    assert all(one["params"] == {"scale": "short"} for one in asked if one["name"] not in WITHOUT)
    assert {one["name"] for one in asked if not one["params"]} == WITHOUT
    assert all(
        one["params"] == {} for group in ("harmonic", "elliott", "divergence") for one in at_scale(group, "short")
    )


def test_larger_scales_find_less() -> None:
    bars = demo("IXIC", 3_000)
    counts = [len(run(Plan.parse(at_scale("chart_patterns", scale)), bars, now_ns=LATER_NS).events) for scale in SIZES]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] < 0.1 * len(bars)
