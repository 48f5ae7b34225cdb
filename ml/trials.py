"""Trials of the harness itself: labels that mean nothing, a feature that knows the next bar, folds not purged."""

from dataclasses import replace

import numpy as np

from ml.examples import STOP, TARGET, Examples
from ml.intervals import quarters
from ml.metrics import auc
from ml.training import ROUNDS, SEED, fit
from ml.walk_forward import Forecasts, forecasts

KFOLDS = 5


def with_shuffled_labels(examples: Examples, seed: int, rounds: int = ROUNDS) -> Forecasts:
    """Return forecasts where the outcomes of each calendar quarter have changed places."""
    rng = np.random.default_rng(seed)
    label = examples.label.copy()
    quarter = quarters(examples.known_at)
    for one in range(int(quarter.max()) + 1):
        rows = np.flatnonzero(quarter == one)
        label[rows] = label[rng.permutation(rows)]
    return forecasts(replace(examples, label=label), rounds=rounds)


def with_a_leak(examples: Examples, rounds: int = ROUNDS) -> Forecasts:
    """Return forecasts that may look at the next bar's return."""
    scale = float(np.std(examples.next_return)) or 1.0
    wider = np.column_stack((examples.features, examples.next_return / scale)).astype(np.float32)
    return forecasts(replace(examples, features=wider), rounds=rounds)


def unpurged_auc(examples: Examples, rounds: int = ROUNDS) -> float:
    """Return the AUC of direction by random folds, as it is often published: neighbours are on both sides."""
    part = np.random.default_rng(SEED).integers(0, KFOLDS, len(examples))
    score = np.zeros(len(examples))
    for one in range(KFOLDS):
        made = fit(examples.take(part != one), rounds=rounds)
        score[part == one] = made.margins(examples.take(part == one))[:, 1]
    over = examples.label <= STOP
    return auc(score[over], examples.label[over] == TARGET)
