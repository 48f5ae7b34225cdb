"""What counts as lift, and what is served for it."""

from dataclasses import replace

import numpy as np
import pytest

from ml.baselines import forecast
from ml.errors import TooFewEvents
from ml.evaluation import LIFT, WORSE, Evaluation, calibration, direction_auc, evaluate, nearest, status_of
from ml.examples import STOP, TARGET, TIMEOUT, Examples
from ml.intervals import Interval
from ml.prediction import NO_LIFT


@pytest.fixture(scope="module")
def found(noise: Examples) -> Evaluation:
    return evaluate(noise, rounds=40)


def test_lift_is_above_nothing_even_after_all_trials() -> None:
    assert status_of(Interval(0.01, 0.005, 0.02, 0.001)) == LIFT
    assert status_of(Interval(0.01, 0.005, 0.02, -0.001)) == NO_LIFT
    assert status_of(Interval(0.0, 0.0, 0.0, 0.0)) == NO_LIFT
    assert status_of(Interval(-0.01, -0.02, -0.001, -0.03)) == WORSE


def test_on_walks_no_direction_is_served(found: Evaluation) -> None:
    assert found.statuses[1] != LIFT
    assert found.shrinkage[1] == 0.0
    assert found.status != WORSE
    served = forecast(np.where([one == LIFT for one in found.statuses], found.tried.model, found.tried.blend))
    assert (found.served == served).all()


def test_a_direction_that_is_there_is_found_and_served(noise: Examples) -> None:
    told = np.random.default_rng(3).random(len(noise)) < 0.5
    planted = noise.features.copy()
    planted[:, 0] = told
    over = np.random.default_rng(4).random(len(noise)) < 0.3
    label = np.where((noise.label != TIMEOUT) & over, np.where(told, TARGET, STOP), noise.label)
    found = evaluate(replace(noise, features=planted, label=label), rounds=40)
    assert found.statuses[1] == LIFT
    assert found.shrinkage[1] > 0
    assert found.status == LIFT
    assert direction_auc(found.tried, within_chance=True) > 0.58


def test_walks_are_told_with_calibration(found: Evaluation) -> None:
    told = calibration(found)
    assert set(told) == {"target", "stop", "resolved"}
    for error, slope in told.values():
        assert error < 0.05
        assert slope.low < slope.value < slope.high


def test_a_shrinkage_between_two_is_the_smaller() -> None:
    assert [nearest(one) for one in (0.0, 0.125, 0.4, 0.9)] == [0.0, 0.0, 0.5, 1.0]


def test_a_universe_that_is_too_small_says_how_many_are_needed(noise: Examples) -> None:
    with pytest.raises(TooFewEvents, match=r"300 .*; at least 2,000 are needed"):
        evaluate(noise.take(np.arange(300)))
