"""The closed form of two barriers: its limits, a simulation, and the volatility it is fed with."""

from math import inf, nan

import numpy as np
import pytest

from analysis.kernels.random_walk import bar_volatility, first_passage
from tests.analysis.shipped import demo


def chance(target: float, stop: float, variance: float) -> tuple[float, float]:
    found = first_passage(np.array([target]), np.array([stop]), np.array([variance]))
    return float(found[0][0]), float(found[1][0])


def test_with_all_the_time_it_is_gamblers_ruin() -> None:
    assert chance(2.0, 6.0, 1e6) == pytest.approx((0.75, 0.25))
    assert chance(3.0, 3.0, inf) == pytest.approx((0.5, 0.5))


def test_without_time_nothing_is_met() -> None:
    assert chance(2.0, 6.0, 0.0) == (0.0, 0.0)


def test_with_the_other_barrier_out_of_reach_it_is_the_reflection_principle() -> None:
    # 2 · Φ(−1) of a barrier one deviation away.
    assert chance(1.0, 60.0, 1.0)[0] == pytest.approx(0.3173105, abs=1e-6)
    assert chance(1.0, 20.0, 1.0)[0] == pytest.approx(0.3173105, abs=1e-6)
    assert chance(60.0, 1.0, 1.0) == pytest.approx((0.0, 0.3173105), abs=1e-6)


def test_the_two_forms_agree_where_one_takes_over() -> None:
    near = chance(1.0, 30.0, 31.0**2 * 0.00099), chance(1.0, 30.0, 31.0**2 * 0.00101)
    assert near[0] == pytest.approx(near[1], abs=0.01)


def test_a_simulation_of_fine_steps_says_the_same() -> None:
    rng = np.random.default_rng(7)
    path = np.cumsum(rng.normal(0, 0.02, (5_000, 2_500)).astype(np.float32), axis=1)  # variance 1
    up, down = path >= 0.8, path <= -1.2
    first = [np.where(one.any(axis=1), one.argmax(axis=1), 9_999) for one in (up, down)]
    hits = (first[0] < first[1]).mean(), (first[1] < first[0]).mean()
    assert hits == pytest.approx(chance(0.8, 1.2, 1.0), abs=0.02)


@pytest.mark.parametrize("given", [(nan, 1, 1), (1, nan, 1), (1, 1, nan), (0, 1, 1), (1, -1, 1)])
def test_what_is_no_distance_is_unknown(given: tuple[float, float, float]) -> None:
    assert np.isnan(chance(*given)).all()


def test_the_volatility_of_a_walk_is_its_own() -> None:
    rng = np.random.default_rng(3)
    path = 100 * np.exp(np.cumsum(rng.normal(0, 0.02 / 400**0.5, 400 * 2_000))).reshape(2_000, 400)
    close = path[:, -1]
    opens = np.concatenate(([100.0], close[:-1]))
    found = bar_volatility(opens, path.max(axis=1), path.min(axis=1), close) / close
    assert np.isnan(found[:20]).all()
    assert np.nanmean(found) == pytest.approx(0.02, rel=0.05)


def test_the_volatility_is_known_at_its_bar_and_not_before() -> None:
    bars = demo("AAPL", 400)
    whole = bar_volatility(bars.open, bars.high, bars.low, bars.close)
    for count in (1, 20, 21, 22, 137, 400):
        part = bars[:count]
        assert np.array_equal(bar_volatility(part.open, part.high, part.low, part.close), whole[:count], equal_nan=True)
