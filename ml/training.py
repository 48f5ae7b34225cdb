"""Training: two heads of trees in one booster, added to the blend of chance and rates, and shrunk to what they earn.

The first output is the log odds that an event is resolved, target or stop, before its life is over; the second those of
the target where it is. A shrinkage of 0 is a legal end: the blend alone.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import xgboost as xgb

from analysis.arrays import Floats
from ml.arrays import Matrix
from ml.baselines import FEW, Baseline, forecast, split
from ml.examples import STOP, TARGET, Examples
from ml.features import NAMES
from ml.metrics import log_loss, sigmoid
from ml.weights import by_date

HEADS = ("resolve", "direction")
SEED = 20_240_601
ROUNDS = 200
SHRINKAGES = (0.0, 0.25, 0.5, 0.75, 1.0)
PARAMETERS: dict[str, Any] = {
    "tree_method": "hist",
    "max_bin": 64,
    "max_depth": 3,
    "eta": 0.03,
    "min_child_weight": 40.0,
    "lambda": 10.0,
    "subsample": 0.7,
    "colsample_bytree": 0.6,
    "base_score": 0.0,
    "disable_default_eval_metric": 1,
    "nthread": 1,
}


@dataclass(frozen=True)
class Fit:
    """A trained model: trees, what they are added to, and how much of them counts for each head."""

    booster: xgb.Booster
    baseline: Baseline
    shrinkage: tuple[float, float]

    def margins(self, examples: Examples) -> Floats:
        """Return both heads' log odds."""
        return self.baseline.margins(examples) + trees(self.booster, examples.features) * self.shrinkage

    def predict(self, examples: Examples) -> Floats:
        """Return P(target), P(stop), P(timeout)."""
        return forecast(self.margins(examples))


def trees(booster: xgb.Booster, features: Matrix) -> Floats:
    """Return what the trees add to both heads' log odds, a row per event."""
    if not len(features):
        return np.empty((0, 2))
    told = booster.inplace_predict(np.ascontiguousarray(features), predict_type="margin", validate_features=False)
    return np.asarray(told, np.float64).reshape(len(features), 2)


def weights_of(examples: Examples) -> Floats:
    """Return what each event counts: the part of its life that it has to itself, and its part of its day."""
    return examples.weight * by_date(examples.known_at)


def grow(examples: Examples, baseline: Baseline, *, rounds: int = ROUNDS, seed: int = SEED, **more: Any) -> xgb.Booster:
    """Return the trees that these events teach beyond the baseline; the same bytes for the same events and seed."""
    is_over = examples.label <= STOP
    hits = np.column_stack((is_over, examples.label == TARGET)).astype(np.float64)
    own = weights_of(examples)
    own = own / own.mean()
    weight = np.column_stack((own, own * is_over))  # of a timeout the second head learns nothing
    beyond = [f"beyond_{place}" for place in range(examples.features.shape[1] - len(NAMES))]  # a trial's own columns
    data = xgb.DMatrix(examples.features, label=hits, nthread=1, feature_names=[*NAMES, *beyond])
    data.set_base_margin(baseline.margins(examples))

    def gradient(margins: Floats, _: xgb.DMatrix) -> tuple[Floats, Floats]:
        p = sigmoid(margins.reshape(hits.shape).astype(np.float64))
        return (p - hits) * weight, np.maximum(p * (1 - p) * weight, 1e-16)

    return xgb.train({**PARAMETERS, "seed": seed, **more}, data, rounds, obj=gradient)


def fit(examples: Examples, *, rounds: int = ROUNDS, seed: int = SEED) -> Fit:
    """Return the model of these events, its shrinkage chosen on the last of them by what came before."""
    shrinkage = choose_shrinkage(examples, rounds=rounds, seed=seed)
    baseline = Baseline.of(examples, weights_of(examples))
    return Fit(grow(examples, baseline, rounds=rounds, seed=seed), baseline, shrinkage)


def choose_shrinkage(examples: Examples, *, rounds: int = ROUNDS, seed: int = SEED) -> tuple[float, float]:
    """Return for each head the shrinkage of least log-loss on the last fifth; 0 where there is too little."""
    earlier, later = (examples.take(rows) for rows in split(examples))
    if min(len(earlier), len(later)) < FEW:
        return 0.0, 0.0
    baseline = Baseline.of(earlier, weights_of(earlier))
    base, more = baseline.margins(later), trees(grow(earlier, baseline, rounds=rounds, seed=seed), later.features)
    own = weights_of(later)
    costs = np.array([[_cost(base + more * share, later, own)[head] for head in (0, 1)] for share in SHRINKAGES])
    best = costs.argmin(axis=0)
    return SHRINKAGES[best[0]], SHRINKAGES[best[1]]


def _cost(margins: Floats, examples: Examples, weight: Floats) -> tuple[float, float]:
    """Return the weighted log-loss of each head."""
    both = head_losses(margins, examples)
    is_over = examples.label <= STOP
    return float(weight @ both[0]), float(weight[is_over] @ both[1][is_over])


def head_losses(margins: Floats, examples: Examples) -> tuple[Floats, Floats]:
    """Return each row's log-loss of both heads; the second is 0 where nothing was resolved. They add up to that of
    the three outcomes.
    """
    is_over = examples.label <= STOP
    resolved, target = (np.column_stack((p := sigmoid(margins[:, head]), 1 - p)) for head in (0, 1))
    first = log_loss(resolved, (~is_over).astype(np.int64))
    second = log_loss(target, (examples.label != TARGET).astype(np.int64))
    return first, np.where(is_over, second, 0.0)
