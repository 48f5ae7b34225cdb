"""Metrics against what can be counted by hand."""

import numpy as np
import pytest

from ml.metrics import auc, auc_within, calibration_error, log_loss, logit, reliability, sampling_floor, sigmoid


def test_auc_is_the_share_of_pairs_in_order() -> None:
    rng = np.random.default_rng(1)
    score, hit = rng.integers(0, 6, 60).astype(float), rng.random(60) < 0.4
    pairs = [(1.0 if a > b else 0.5 if a == b else 0.0) for a in score[hit] for b in score[~hit]]
    assert auc(score, hit) == pytest.approx(np.mean(pairs))
    weight = rng.integers(0, 4, 60).astype(float)
    repeated = np.repeat(np.arange(60), weight.astype(int))
    assert auc(score, hit, weight) == pytest.approx(auc(score[repeated], hit[repeated]))


def test_auc_without_hits_or_misses_is_unknown() -> None:
    assert np.isnan(auc(np.ones(3), np.ones(3, bool)))
    assert auc(np.ones(4), np.array([True, False, True, False])) == 0.5


def test_within_what_is_given_a_score_that_only_repeats_it_tells_nothing() -> None:
    rng = np.random.default_rng(2)
    given = rng.random(20_000)
    hit = rng.random(20_000) < given
    assert auc(given, hit) > 0.8
    assert auc_within(given, hit, given, bins=10) > 0.53
    assert auc_within(given, hit, given) == pytest.approx(0.5, abs=0.015)
    assert auc_within(rng.random(20_000), hit, given) == pytest.approx(0.5, abs=0.01)


def test_perfect_forecasts_err_by_sampling_alone_and_bold_ones_by_more() -> None:
    rng = np.random.default_rng(3)
    truth = sigmoid(rng.normal(0, 1, 9_000))
    hit = rng.random(9_000) < truth
    assert calibration_error(truth, hit) < 2 * sampling_floor(9_000)
    assert calibration_error(sigmoid(2 * logit(truth)), hit) > 0.07
    table = reliability(truth, hit)
    assert [one.events for one in table] == [600] * 15
    assert [one.forecast for one in table] == sorted(one.forecast for one in table)


def test_log_loss_is_of_what_happened_and_never_endless() -> None:
    told = np.array([[0.5, 0.25, 0.25], [0.0, 1.0, 0.0]])
    assert log_loss(told, np.array([0, 0])) == pytest.approx([np.log(2), 13.8155], abs=1e-3)
