"""Heads with shoulders, doubles, triples and broadening shapes on drawn bars: what is one, what is none."""

import pytest

from tests.analysis.patterns.shapes import bars_at, found

TRIPLE = [0.0, 14.0, 4.0, 14.0, 4.2, 14.0, -4.0]
HEAD = [0.0, 6.0, 1.0, 12.0, 1.0, 6.0, -6.0]


def drawn(group_side: int, prices: list[float], least: list[int]) -> tuple[list[str], list[list[int]], list[int]]:
    events, turns = found("chart_patterns", [group_side * price for price in prices], least)
    return [event.name for event in events], [bars_at(event) for event in events], turns


@pytest.mark.parametrize(
    ("side", "triple", "double"), [(1, "triple_top", "double_top"), (-1, "triple_bottom", "double_bottom")]
)
def test_three_extremes_are_a_triple_and_no_double(side: int, triple: str, double: str) -> None:
    names, bars, turns = drawn(side, TRIPLE, [8, 16, 16, 16, 16, 8])
    assert bars[names.index(triple)] == turns[:5]
    assert double not in names


def test_two_extremes_are_still_a_double() -> None:
    names, bars, turns = drawn(1, [0.0, 14.0, 4.0, 14.0, -4.0], [8, 16, 16, 8])
    assert bars[names.index("double_top")] == turns[:3]


def test_a_close_just_below_the_neckline_is_no_double_yet() -> None:
    seen = 0
    for seed in range(10):
        events, turns = found("double_top", [0.0, 10.0, 2.0, 10.0, -6.0], [8, 16, 16, 20], seed)
        for event in events:
            assert event.levels is not None
            assert event.ratios is not None
            assert event.entry_reference is not None
            line = event.levels["neckline_end"]
            unit = (max(point.price for point in event.points) - line) / event.ratios["height_atr"]
            assert event.entry_reference < line - 0.249 * unit
            seen += bars_at(event) == turns[:3]
    assert seen >= 8


@pytest.mark.parametrize(("right", "is_one"), [(20, True), (29, True), (34, False)])
def test_halves_that_differ_more_than_threefold_are_no_head_and_shoulders(right: int, is_one: bool) -> None:
    # Five points in four legs: the left half takes 23 bars, the right one as many as are given, twice.
    names, bars, turns = drawn(1, HEAD, [8, 7, 16, right + 10, right, 10])
    halves = turns[2] - turns[0], turns[4] - turns[2]
    assert (max(halves) <= 3 * min(halves)) == is_one
    assert (("head_and_shoulders", turns[:5]) in list(zip(names, bars, strict=True))) == is_one


def test_a_broadening_top_may_take_its_whole_width_to_come_back() -> None:
    names, bars, turns = drawn(1, [-6.0, 4.0, 2.0, 7.0, 0.0, 10.0, -12.0], [6, 4, 8, 10, 15, 45])
    assert bars[names.index("broadening_top")] == turns[:5]
