"""Intervals that respect what is alike: whole calendar quarters are drawn, all symbols of a quarter together."""

from collections.abc import Callable
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from analysis.arrays import Bools, Floats, Ints
from ml.metrics import auc, logit, sigmoid

DRAWS = 1_000
SEED = 20_240_601
LEVEL = 0.05


class Interval(NamedTuple):
    """An estimate with its 95 % interval, and the lower end that as many trials as were made ask for."""

    value: float
    low: float
    high: float
    deflated_low: float

    def __str__(self) -> str:
        return f"{self.value:+.4f} [{self.low:+.4f}, {self.high:+.4f}]"


def quarters(known_at: Ints) -> Ints:
    """Return the calendar quarter (UTC) of each time as a number from 0."""
    months = known_at.astype("datetime64[ns]").astype("datetime64[M]").astype(np.int64)
    return np.unique(months // 3, return_inverse=True)[1].astype(np.int64)


def of_mean(values: Floats, block: Ints, trials: int = 1) -> Interval:
    """Return the mean of the values and its interval."""
    sums, counts = np.bincount(block, values), np.bincount(block).astype(np.float64)
    drawn = _drawn(len(counts))
    return _interval(float(values.mean()), (drawn @ sums) / (drawn @ counts), trials)


def of_auc(score: Floats, hit: Bools, block: Ints, draws: int = 200) -> Interval:
    """Return the AUC and its interval."""
    drawn = _drawn(int(block.max()) + 1)[:draws]
    return _interval(auc(score, hit), np.array([auc(score, hit, weights[block]) for weights in drawn]), 1)


def of_slope(forecast: Floats, hit: Bools, block: Ints) -> Interval:
    """Return the slope of a logistic regression of what happened on the forecast's log odds: 1 if it is neither
    too bold nor too timid. The interval takes one Newton step from the estimate for each draw.
    """
    design = np.column_stack((np.ones(len(forecast)), logit(forecast)))
    beta = np.array([0.0, 1.0])
    for _ in range(25):
        score, information = _newton(design, hit, beta, np.zeros(len(hit), np.int64))
        step = np.linalg.lstsq(information[0], score[0], rcond=None)[0]
        beta += step
        if np.abs(step).max() < 1e-10:
            break
    score, information = _newton(design, hit, beta, block)
    drawn = _drawn(len(score))
    steps = np.linalg.solve(
        np.einsum("db,bij->dij", drawn, information) + 1e-12 * np.eye(2), (drawn @ score)[:, :, np.newaxis]
    )
    return _interval(float(beta[1]), beta[1] + steps[:, 1, 0], 1)


def covered(simulate: Callable[[np.random.Generator], Interval], truth: float, times: int, seed: int) -> float:
    """Return the share of simulated intervals that hold the truth."""
    rng = np.random.default_rng(seed)
    found = [simulate(rng) for _ in range(times)]
    return float(np.mean([one.low <= truth <= one.high for one in found]))


def _newton(design: Floats, hit: Bools, beta: Floats, block: Ints) -> tuple[Floats, Floats]:
    """Return the gradient and the information of each block."""
    p = sigmoid(design @ beta)
    count = int(block.max()) + 1
    score, information = np.zeros((count, 2)), np.zeros((count, 2, 2))
    for i in range(2):
        score[:, i] = np.bincount(block, design[:, i] * (hit - p), count)
        for j in range(2):
            information[:, i, j] = np.bincount(block, design[:, i] * design[:, j] * p * (1 - p), count)
    return score, information


def _drawn(blocks: int) -> Floats:
    """Return how often each block is drawn, a row per draw."""
    rng = np.random.default_rng(SEED)
    return rng.multinomial(blocks, np.full(blocks, 1 / blocks), DRAWS).astype(np.float64)


def _interval(value: float, draws: Floats, trials: int) -> Interval:
    known = draws[np.isfinite(draws)]
    if len(known) < 2:
        return Interval(value, float("nan"), float("nan"), float("nan"))
    low, high = np.quantile(known, (LEVEL / 2, 1 - LEVEL / 2))
    reach = NormalDist().inv_cdf(1 - LEVEL / 2 / trials) * float(known.std())
    return Interval(value, float(low), float(high), min(float(low), value - reach))
