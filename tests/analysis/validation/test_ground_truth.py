"""Detectors on shapes that are known to be there, and on series that have none."""

import numpy as np
import pytest

from analysis import Bars, Plan, run
from analysis.patterns.harmonic_ratios import FAMILIES, Harmonic
from analysis.validation import series
from analysis.validation.entry_checks import LATER_NS
from analysis.validation.ground_truth import Score, measured, wilson
from analysis.validation.surrogates import gaussian_walk
from analysis.validation.synthetic import chart_patterns, harmonics

GROUPS = [
    *("harmonic", "chart_patterns", "elliott", "divergence", "wyckoff"),
    *("support", "level_breakout", "level_retest", "bos", "choch"),
]


def chart(name: str, noise: float) -> Score:
    def sample(rng: np.random.Generator, noise: float) -> chart_patterns.Outline:
        return chart_patterns.sampled(rng, name, noise)

    return measured(name, [sample], noise, 60, 7, "chart_patterns")


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
@pytest.mark.parametrize(("noise", "recall", "precision"), [(0.0, 0.95, 0.85), (0.02, 0.95, 0.85), (0.05, 0.5, 0.8)])
def test_harmonics_are_found(family: Harmonic, noise: float, recall: float, precision: float) -> None:
    def sample(rng: np.random.Generator, noise: float) -> harmonics.Outline:
        return harmonics.sampled(rng, family, noise)

    score = measured(family.name, [sample], noise, 80, 7, "harmonic")
    assert score.recall >= recall
    assert score.precision >= precision


@pytest.mark.parametrize("name", ["head_and_shoulders", "inverse_head_and_shoulders", "double_top", "double_bottom"])
@pytest.mark.parametrize(("noise", "recall", "precision"), [(0.0, 0.95, 0.9), (0.25, 0.85, 0.85)])
def test_reversals_are_found(name: str, noise: float, recall: float, precision: float) -> None:
    score = chart(name, noise)
    assert score.recall >= recall
    assert score.precision >= precision


@pytest.mark.parametrize("name", chart_patterns.LINES)
def test_shapes_between_exact_lines_are_found(name: str) -> None:
    score = chart(name, 0.0)
    assert score.recall >= 0.95
    assert score.precision >= 0.8


@pytest.mark.parametrize("group", GROUPS)
def test_hostile_series_give_few_events_and_no_warning(group: str) -> None:
    rising = np.linspace(10.0, 900.0, 3_000)
    plan = Plan.parse([group])
    for price in (rising, rising[::-1], np.full(3_000, 7.0)):
        same = np.ascontiguousarray(price)
        time = series.flat(3_000).time
        bars = Bars(time=time, open=same, high=same, low=same, close=same, timeframe="1d")
        assert run(plan, bars, now_ns=LATER_NS).events == []
    for bars in (
        series.halted(300, 3_000),
        series.rough(2_000),
        gaussian_walk(100_000, np.random.default_rng(1)),
    ):
        assert len(run(plan, bars, now_ns=LATER_NS).events) <= 0.05 * len(bars), bars.symbol


def test_the_interval_of_a_share_is_wilsons() -> None:
    assert wilson(95, 100) == pytest.approx((0.8882, 0.9785), abs=1e-4)
    assert wilson(0, 0) == (0.0, 1.0)
