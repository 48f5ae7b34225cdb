"""Diamonds and Wolfe waves on drawn bars: which side, which name, where their lines are, and what is none."""

import numpy as np
import pytest

from analysis.events import Event
from analysis.validation.ground_truth import Score, measured
from analysis.validation.synthetic import chart_patterns
from analysis.validation.synthetic.paths import Outline
from tests.analysis.patterns.shapes import bars_at, found

# In ranges: from below through highs and lows that widen and then narrow, and out of it.
UP = [-8.0, 7.0, 3.5, 10.0, 0.0, 7.0, 3.0, 18.0]
WOLFE = [9.0, 4.0, 10.0, 1.0, 5.5, -3.5, 9.0]


def of(name: str, prices: list[float], least: int, seed: int) -> tuple[list[Event], list[int]]:
    events, turns = found(name, prices, [least] * (len(prices) - 1), seed)
    return [event for event in events if set(bars_at(event)) <= set(turns)], turns


def wolfe_score(seed: int) -> Score:
    def sample(rng: np.random.Generator, noise: float) -> Outline:
        return chart_patterns.sampled(rng, "wolfe_wave", noise)

    return measured("wolfe_wave", [sample], 0.0, 60, seed, "chart_patterns")


@pytest.mark.parametrize("turned", [1, -1])
def test_highs_and_lows_that_widen_and_narrow_are_a_diamond_after_what_came_before(turned: int) -> None:
    name, other = ("diamond_top", "diamond_bottom")[::turned]
    hits = 0
    for seed in range(12):
        events, turns = of(name, [turned * price for price in UP], 6, seed)
        assert of(other, [turned * price for price in UP], 6, seed)[0] == []
        hits += [bars_at(event) for event in events] == [turns[:6]]
        for event in events:
            levels = event.levels or {}
            assert event.side == ("bullish" if turned > 0 else "bearish")
            assert event.entry_reference is not None
            assert turned * event.entry_reference > turned * levels["upper_line" if turned > 0 else "lower_line"]
            height = max(point.price for point in event.points) - min(point.price for point in event.points)
            assert event.targets[0] == pytest.approx(
                levels["upper_line" if turned > 0 else "lower_line"] + turned * height
            )
    assert hits >= 10


def test_highs_that_only_widen_or_only_narrow_are_no_diamond() -> None:
    for seed in range(6):
        for prices in ([-8.0, 5.0, 3.5, 7.0, 1.5, 10.0, 0.0, 18.0], [-8.0, 10.0, 0.0, 8.0, 2.0, 6.0, 4.0, 18.0]):
            assert of("diamond_top", prices, 6, seed)[0] == []


@pytest.mark.parametrize("turned", [1, -1])
def test_a_fifth_point_beyond_the_line_of_the_first_and_third_is_a_wolfe_wave(turned: int) -> None:
    hits = 0
    for seed in range(12):
        events, turns = of("wolfe_wave", [turned * price for price in WOLFE], 6, seed)
        hits += [bars_at(event) for event in events] == [turns[:5]]
        for event in events:
            one, two, three, four, five = (turned * point.price for point in event.points)
            bars = np.array(bars_at(event), np.float64)
            line = one + (three - one) * (event.bar - bars[0]) / (bars[2] - bars[0])
            beyond = one + (three - one) * (bars[4] - bars[0]) / (bars[2] - bars[0])
            assert five <= beyond
            assert one < four < two
            assert event.entry_reference is not None
            assert turned * event.entry_reference > line
            assert (event.levels or {})["line_1_3"] == pytest.approx(turned * line)
            # Line 1–4 goes up from the fourth point: where it arrives is above that.
            assert turned * event.targets[0] > four
            assert event.stop is not None
            assert turned * event.stop < five
    assert hits >= 10


def test_a_fifth_point_inside_the_line_or_a_fourth_below_the_first_is_none() -> None:
    for seed in range(6):
        for prices in ([9.0, 4.0, 10.0, 1.0, 5.5, 0.0, 9.0], [9.0, 4.0, 10.0, 1.0, 3.5, -3.5, 9.0]):
            assert of("wolfe_wave", prices, 6, seed)[0] == []


def test_of_wolfe_waves_in_walks_four_in_five_are_drawn_ones() -> None:
    scores = [wolfe_score(seed) for seed in (1, 2, 3)]  # one draw of 120 has an interval from .72 to .85
    true, false = (sum(getattr(one, name) for one in scores) for name in ("true", "false"))
    assert true / (true + false) >= 0.8
    assert sum(one.found for one in scores) / sum(one.shapes for one in scores) >= 0.95
