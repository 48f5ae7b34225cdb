"""Training: the same bytes every time, nothing without trees, and what there is to learn is learnt."""

from dataclasses import replace
from hashlib import sha256

import numpy as np
import pytest

from ml.baselines import Baseline, forecast
from ml.examples import STOP, TARGET, TIMEOUT, Examples
from ml.features import NAMES
from ml.metrics import auc, log_loss
from ml.training import Fit, fit, grow, head_losses, trees, weights_of

ROUNDS = 30


@pytest.fixture(scope="module")
def baseline(noise: Examples) -> Baseline:
    return Baseline.of(noise, weights_of(noise))


def digest(booster: object) -> str:
    return sha256(booster.save_raw("ubj")).hexdigest()  # type: ignore[attr-defined]


def test_the_same_events_and_seed_are_the_same_bytes_on_one_thread_and_on_two(
    noise: Examples, baseline: Baseline
) -> None:
    made = [digest(grow(noise, baseline, rounds=ROUNDS, nthread=threads)) for threads in (1, 1, 2)]
    assert len(set(made)) == 1
    assert digest(grow(noise, baseline, rounds=ROUNDS, seed=7)) != made[0]


def test_without_trees_it_is_the_baseline(noise: Examples, baseline: Baseline) -> None:
    grown = grow(noise, baseline, rounds=ROUNDS)
    assert np.abs(trees(grown, noise.features)).max() > 0.01
    assert (Fit(grown, baseline, (0.0, 0.0)).predict(noise) == forecast(baseline.margins(noise))).all()


def test_unknown_features_are_answered_with_a_number(noise: Examples, baseline: Baseline) -> None:
    grown = grow(noise, baseline, rounds=ROUNDS)
    assert np.isfinite(trees(grown, np.full((3, len(NAMES)), np.nan, np.float32))).all()
    assert trees(grown, np.empty((0, len(NAMES)), np.float32)).shape == (0, 2)


def test_the_heads_losses_add_up_to_that_of_the_three_outcomes(noise: Examples, baseline: Baseline) -> None:
    margins = baseline.margins(noise)
    assert sum(head_losses(margins, noise)) == pytest.approx(log_loss(forecast(margins), noise.label), rel=1e-9)


def test_of_a_timeout_the_second_head_learns_nothing(noise: Examples) -> None:
    """Its trees, and theirs alone, are the same when what would have been is turned round."""
    told = np.random.default_rng(1).random(len(noise)) < 0.5
    planted = noise.features.copy()
    planted[:, 0] = told
    label = np.where(noise.label == TIMEOUT, TIMEOUT, np.where(told, TARGET, STOP))
    with_timeouts = replace(noise, features=planted, label=label)
    made = fit(with_timeouts, rounds=ROUNDS)
    assert made.shrinkage[1] == 1.0
    over = label != TIMEOUT
    direction = made.margins(with_timeouts)[:, 1]
    assert auc(direction[over], label[over] == TARGET) > 0.95
    assert auc(direction[~over], told[~over]) > 0.95


def test_on_noise_a_direction_is_not_worth_its_trees_and_the_rest_gains_next_to_nothing(
    noise: Examples, other_noise: Examples
) -> None:
    """What the first head gains is that the closed form is of a continuous path: .001 to .002 nats on four seeds."""
    found = fit(noise, rounds=100)
    assert found.shrinkage[1] <= 0.25
    without = Fit(found.booster, found.baseline, (0.0, 0.0))
    losses = [
        sum(float(np.mean(one)) for one in head_losses(some.margins(other_noise), other_noise))
        for some in (without, found)
    ]
    assert abs(losses[0] - losses[1]) < 0.003


def test_too_few_to_choose_by_are_answered_without_trees(noise: Examples) -> None:
    assert fit(noise.take(np.arange(150)), rounds=5).shrinkage == (0.0, 0.0)
