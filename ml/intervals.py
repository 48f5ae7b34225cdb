"""Intervals that respect what is alike: whole calendar quarters are drawn, all symbols of a quarter together."""

from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from analysis.arrays import Bools, Floats, Ints
from analysis.timeframe import DAY_NS
from analysis.validation.quarters import LEVEL, drawn, quarter_numbers
from ml.metrics import auc, logit, sigmoid

FOUR_WEEKS_NS = 28 * DAY_NS


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
    return np.unique(quarter_numbers(known_at), return_inverse=True)[1].astype(np.int64)


def four_weeks(known_at: Ints) -> Ints:
    """Return the 28 days (from 1970-01-01 on) of each time as a number from 0: for differences of log-loss, which are
    less alike within a quarter than outcomes are.
    """
    return np.unique(known_at // FOUR_WEEKS_NS, return_inverse=True)[1].astype(np.int64)


def of_mean(values: Floats, block: Ints, trials: int = 1) -> Interval:
    """Return the mean of the values and its interval."""
    sums, counts = np.bincount(block, values), np.bincount(block).astype(np.float64)
    weights = drawn(len(counts))
    return _interval(float(values.mean()), (weights @ sums) / (weights @ counts), trials)


def of_auc(score: Floats, hit: Bools, block: Ints, draws: int = 200) -> Interval:
    """Return the AUC and its interval."""
    several = drawn(int(block.max()) + 1)[:draws]
    return _interval(auc(score, hit), np.array([auc(score, hit, weights[block]) for weights in several]), 1)


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
    weights = drawn(len(score))
    steps = np.linalg.solve(
        np.einsum("db,bij->dij", weights, information) + 1e-12 * np.eye(2), (weights @ score)[:, :, np.newaxis]
    )
    return _interval(float(beta[1]), beta[1] + steps[:, 1, 0], 1)


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


def _interval(value: float, draws: Floats, trials: int) -> Interval:
    known = draws[np.isfinite(draws)]
    if len(known) < 2:
        return Interval(value, float("nan"), float("nan"), float("nan"))
    low, high = np.quantile(known, (LEVEL / 2, 1 - LEVEL / 2))
    reach = NormalDist().inv_cdf(1 - LEVEL / 2 / trials) * float(known.std())
    return Interval(value, float(low), float(high), min(float(low), value - reach))
