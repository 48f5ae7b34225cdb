"""Harmonics: every consistent textbook shape is found, at its points, with its ratios."""

from itertools import pairwise

import numpy as np
import pytest

from analysis import Bars, Plan, run
from analysis.events import Event
from analysis.patterns.harmonic_ratios import FAMILIES, Harmonic
from analysis.validation.entry_checks import LATER_NS
from analysis.validation.synthetic.harmonics import outline, textbook, three_drives
from analysis.validation.synthetic.paths import DAY_NS, bars_of, drawn, walk


def found(lengths: list[float], side: int, name: str, plan: str = "harmonic") -> tuple[list[Event], list[int]]:
    rng = np.random.default_rng(1)
    before = walk(rng, 40, 0.0)
    shape, turns = drawn(rng, outline(name, lengths, side), float(before[-1, 3]))
    result = run(Plan.parse([plan]), bars_of([before, shape]), now_ns=LATER_NS)
    return result.events, [40 + turn for turn in turns]


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_every_consistent_textbook_shape_is_found_at_its_points(family: Harmonic) -> None:
    shapes = list(textbook(family))
    assert len(shapes) >= 2
    missed = []
    for legs in shapes:
        for side in (1, -1):
            events, turns = found([30 * leg for leg in legs], side, family.name, family.name)
            mine = [event for event in events if [point.bar for point in event.points] == turns[:5]]
            if not mine or mine[0].side != ("bullish" if side > 0 else "bearish"):
                missed.append((legs, side, [event.name for event in events]))
    assert not missed, f"{len(missed)} of {2 * len(shapes)}: {missed[:3]}"


def test_a_gartley_has_its_ratios_zone_targets_and_stop() -> None:
    (event,), turns = found([30, 30 * 0.618, 30 * 0.309, 30 * 0.477], 1, "gartley", "gartley")
    assert event.points[4].bar == turns[4]
    assert event.ratios == pytest.approx({"AB_XA": 0.618, "BC_AB": 0.5, "CD_BC": 1.544, "AD_XA": 0.786}, abs=1e-3)
    x, a, _, _, d = (point.price for point in event.points)
    assert event.prz is not None
    assert event.prz[0] <= d <= event.prz[1]
    assert event.targets == pytest.approx((d + 0.382 * (a - d), d + 0.618 * (a - d)))
    assert event.stop is not None
    assert event.stop < x
    assert event.score > 0.98
    assert event.history[0].status == "confirmed"
    assert event.entry_reference is not None
    assert event.entry_reference < event.targets[0] or event.reached_before_confirmation


@pytest.mark.parametrize("ac", [0.382, 0.5, 0.618, 0.707, 0.786, 0.886])
def test_ab_equal_to_cd_is_found(ac: float) -> None:
    for extension in (1.0, 1.27, 1.618):
        events, turns = found([30, 30 * ac, 30 * extension], -1, "abcd", "abcd")
        assert [point.bar for point in events[-1].points] == turns[:4]
        assert events[-1].side == "bullish"


def test_three_drives_are_found() -> None:
    rng = np.random.default_rng(5)
    for _ in range(20):
        shape, turns = drawn(rng, three_drives(rng, 0.0), 0.0)
        before = walk(rng, 40, 0.0)
        bars = bars_of([before, shape])
        events = run(Plan.parse(["three_drives"]), bars, now_ns=LATER_NS).events
        assert [40 + turn for turn in turns[:6]] in [[point.bar for point in event.points] for event in events]


def test_strict_finds_no_more_than_the_default() -> None:
    legs = [30, 30 * 0.618, 30 * 0.309, 30 * (0.786 * 1.06 - 0.309)]
    assert [event.name for event in found(legs, 1, "gartley", "gartley")[0]] == ["gartley"]
    assert found(legs, 1, "gartley", "gartley(preset=strict)")[0] == []


@pytest.mark.parametrize("name", ["crab", "deep_crab"])
def test_a_last_leg_that_makes_large_bars_hides_no_harmonic(name: str) -> None:
    (family,) = [family for family in FAMILIES if family.name == name]
    hits = 0
    made = list(textbook(family, 3))[:10]
    for legs in made:
        prices = np.cumsum([0.0, legs[0], -legs[1], legs[2], -legs[3], 0.5]) * 100.0 + 1_000.0
        # As many bars a leg: those of CD, the longest, are the largest.
        hits += name in [event.name for event in run(Plan.parse(["harmonic"]), through(prices), now_ns=LATER_NS).events]
    assert hits == len(made)


def test_three_drives_whose_last_is_the_longest_are_found() -> None:
    for extension in (1.27, 1.618):
        steps = [100.0]
        for ratio in (0.7, extension, 0.7, extension):
            steps.append(steps[-1] * ratio)
        signs = [1, -1, 1, -1, 1]
        ends = np.cumsum([0.0, *(sign * step for sign, step in zip(signs, steps, strict=True)), -80.0]) + 1_000.0
        events = run(Plan.parse(["three_drives"]), through(ends), now_ns=LATER_NS).events
        assert len(events) == 1, extension


def through(prices: np.ndarray) -> Bars:
    """Return bars that go through the prices, fifteen a leg, after sixty small ones."""
    rng = np.random.default_rng(2)
    legs = [np.linspace(one, other, 16)[1:] for one, other in pairwise(prices)]
    close = np.concatenate((prices[0] + rng.normal(0, 0.5, 60), [prices[0]], *legs))
    before = np.concatenate((close[:1], close[:-1]))
    time = np.arange(len(close), dtype=np.int64) * DAY_NS
    high, low = np.maximum(close, before), np.minimum(close, before)
    return Bars(time=time, open=before, high=high, low=low, close=close, timeframe="1d")
