"""Each gate passes what is sound and fails what is not."""

from dataclasses import replace

import numpy as np
import pytest

from ml import gates, trials
from ml.evaluation import LIFT, Evaluation
from ml.examples import TARGET, TIMEOUT, Examples
from ml.intervals import Interval
from ml.metrics import logit, sigmoid
from ml.null_walks import Null, tried, walks
from ml.prediction import NO_LIFT
from ml.walk_forward import Forecasts

NONE = Interval(0.0, 0.0, 0.0, 0.0)


def forecasts_of(noise: Examples, seed: int = 0, skill: float = 0.0) -> Forecasts:
    """Return forecasts whose probabilities are true, and whose direction knows as much more as `skill`."""
    many = noise.take(np.tile(np.arange(len(noise)), 4))
    rng = np.random.default_rng(seed)
    at, ends = rng.random(len(many)), np.cumsum(many.chance, axis=1)
    label = np.where(at < ends[:, 0], 0, np.where(at < ends[:, 1], 1, 2))
    chance = np.column_stack(
        (logit(many.chance.sum(axis=1)), logit(many.chance[:, 0] / np.maximum(many.chance.sum(axis=1), 1e-9)))
    )
    model = chance + np.column_stack((np.zeros(len(many)), skill * (label == TARGET)))
    held = np.arange(len(many)) % 3 == 0
    told = replace(many, label=label)
    fold = np.zeros(len(many), np.int64)
    return Forecasts(told, model, chance, chance, np.full((len(many), 3), 1 / 3), fold, held, [(0.0, 0.0)])


def evaluation(noise: Examples, bold: float = 1.0) -> Evaluation:
    made = forecasts_of(noise)
    resolved, target = sigmoid(bold * made.chance[:, 0]), sigmoid(bold * made.chance[:, 1])
    served = np.column_stack((resolved * target, resolved * (1 - target), 1 - resolved))
    return Evaluation(made, "chance", NONE, (NONE, NONE), (NO_LIFT, NO_LIFT), (0.0, 0.0), served)


def test_true_probabilities_are_calibrated_and_bold_ones_are_not(noise: Examples) -> None:
    assert [gate.passed for gate in gates.calibrated(evaluation(noise))] == [True] * 4
    assert not all(gate.passed for gate in gates.calibrated(evaluation(noise, bold=2.0)))


def test_worse_than_the_baseline_fails_and_a_head_that_is_not_served_does_not(noise: Examples) -> None:
    worse = Interval(-0.01, -0.02, -0.001, -0.03)
    sound = evaluation(noise)
    assert [gate.passed for gate in gates.no_worse(replace(sound, gain=worse))] == [False, True, True]
    assert all(gate.passed for gate in gates.no_worse(replace(sound, statuses=("worse", NO_LIFT))))
    assert gates.lift_of(sound) == NO_LIFT
    lifted = replace(sound, statuses=(LIFT, NO_LIFT), gain=Interval(0.01, 0.005, 0.02, 0.004))
    assert gates.lift_of(lifted) == LIFT


def test_skill_that_is_too_good_blocks(noise: Examples) -> None:
    alike = replace(noise, chance=np.full((len(noise), 2), 0.45))
    assert gates.believable(forecasts_of(alike)).passed
    assert not gates.believable(forecasts_of(alike, skill=0.5)).passed


def null(alike: float = 0.5, stated: float = 0.5, gain: float = 0.0) -> Null:
    return Null(0, False, 10_000, alike, stated, gain)


@pytest.mark.parametrize(
    ("found", "passed"),
    [
        ([null(), null(0.51, 0.49)], [True, True, True]),
        ([null(), null(0.525)], [False, True, True]),
        ([null(0.515), null(0.512)], [False, True, True]),
        ([null(stated=0.53), null()], [True, False, True]),
        ([null(gain=0.002)], [True, True, False]),
    ],
)
def test_skill_on_walks_fails(found: list[Null], passed: list[bool]) -> None:
    assert [gate.passed for gate in gates.nothing_on_walks(found)] == passed


def test_shuffled_labels_leave_nothing_and_a_leak_is_seen(noise: Examples) -> None:
    plain = forecasts_of(replace(noise, chance=np.full((len(noise), 2), 0.45)))
    skilled = forecasts_of(replace(noise, chance=np.full((len(noise), 2), 0.45)), skill=0.5)
    assert gates.nothing_shuffled([plain]).passed
    assert not gates.nothing_shuffled([skilled]).passed
    assert gates.leak_seen(plain, skilled, 0.5).passed
    assert not gates.leak_seen(plain, plain, 0.5).passed


def test_a_detector_without_a_current_certificate_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    assert gates.point_in_time(["double_top", "gartley"]).passed
    monkeypatch.setattr(gates, "certificate", lambda name: None if name == "gartley" else True)
    monkeypatch.setattr(gates, "is_current", lambda entry, known: known is not None)
    failed = gates.point_in_time(["double_top", "gartley"])
    assert not failed.passed
    assert "not gartley" in failed.line()


def test_training_twice_is_the_same(noise: Examples) -> None:
    assert gates.reproduced(noise, rounds=5).passed


def test_the_trials_of_the_harness_do_what_they_say(noise: Examples) -> None:
    shuffled = trials.with_shuffled_labels(noise, 1, rounds=10)
    assert np.bincount(shuffled.examples.label).sum() == len(shuffled.examples)
    assert (trials.with_a_leak(noise, rounds=10).model != shuffled.model).any()
    assert trials.unpurged_auc(noise, rounds=10) > 0.5


def test_walks_are_independent_driftless_and_the_same_every_time() -> None:
    first, second = list(walks(3, 2, stochastic=True)), list(walks(3, 2, stochastic=True))
    assert [one.fingerprint for one in first] == [one.fingerprint for one in second]
    steps = [np.diff(np.log(one.close)) for one in walks(5, 30, stochastic=False)]
    assert np.abs(np.corrcoef(steps) - np.eye(30)).max() < 0.1
    assert np.mean(steps) == pytest.approx(0.0, abs=2e-4)


def test_a_seed_of_walks_says_how_many_events_and_what_was_found() -> None:
    found = tried(1, 24, stochastic=False, rounds=20)
    assert found.events > 1_500
    assert 0.4 < found.alike_auc < 0.6
    assert found.gain < 0.01
    assert TIMEOUT == 2
