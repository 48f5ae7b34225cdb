"""How good probabilities are: log-loss, discrimination, calibration. Plain functions of columns."""

from typing import NamedTuple

import numpy as np

from analysis.arrays import Bools, Floats, Ints

BINS = 15
LEAST = 1e-6  # a probability; what was held impossible and happened costs 13.8 nats, not for ever


class Bin(NamedTuple):
    """Forecasts alike: how many, their mean, and the share of them that came true."""

    events: int
    forecast: float
    observed: float


def log_loss(probabilities: Floats, label: Ints) -> Floats:
    """Return each row's −log of the probability of what happened, in nats."""
    told = probabilities[np.arange(len(label)), label]
    return -np.log(np.clip(told, LEAST, 1.0))


def auc(score: Floats, hit: Bools, weight: Floats | None = None) -> float:
    """Return the probability that a hit has a higher score than a miss, ties counted half; NaN without either."""
    weights = np.ones(len(score)) if weight is None else weight
    _, place = np.unique(score, return_inverse=True)
    hits = np.bincount(place, weights * hit)
    misses = np.bincount(place, weights * ~hit)
    pairs = hits.sum() * misses.sum()
    below = np.cumsum(misses) - misses
    return float((hits * (below + misses / 2)).sum() / pairs) if pairs > 0 else float("nan")


def auc_within(score: Floats, hit: Bools, given: Floats, bins: int = 100) -> float:
    """Return the AUC among rows with nearly the same `given`: equal-mass bins, weighted by their pairs.

    The bins are narrow, for what is left of `given` inside one is taken for skill: with 10 walks showed .53.
    """
    total = pairs = 0.0
    for rows in np.array_split(np.argsort(given, kind="stable"), bins):
        hits = int(hit[rows].sum())
        many = hits * (len(rows) - hits)
        if many:
            total += auc(score[rows], hit[rows]) * many
            pairs += many
    return total / pairs if pairs else float("nan")


def reliability(forecast: Floats, hit: Bools, bins: int = BINS) -> list[Bin]:
    """Return the equal-mass bins of the forecasts, lowest first."""
    parts = [rows for rows in np.array_split(np.argsort(forecast, kind="stable"), bins) if len(rows)]
    return [Bin(len(rows), float(forecast[rows].mean()), float(hit[rows].mean())) for rows in parts]


def calibration_error(forecast: Floats, hit: Bools, bins: int = BINS) -> float:
    """Return the expected calibration error: the mean distance of forecast and observed over equal-mass bins."""
    table = reliability(forecast, hit, bins)
    return (
        sum(one.events * abs(one.forecast - one.observed) for one in table) / len(forecast) if table else float("nan")
    )


def sampling_floor(count: int, bins: int = BINS) -> float:
    """Return what the calibration error of perfect forecasts comes to by sampling alone, about."""
    return 0.4 * (bins / count) ** 0.5 if count else float("nan")


def logit(probability: Floats) -> Floats:
    """Return the log odds."""
    kept = np.clip(probability, LEAST, 1 - LEAST)
    return np.log(kept / (1 - kept))


def sigmoid(margin: Floats) -> Floats:
    """Return the probability of these log odds."""
    return 1.0 / (1.0 + np.exp(-margin))
