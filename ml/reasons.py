"""Why a model says what it says of an event: by how much each feature moved the log odds of each head.

These are the trees' Shapley values, which are exact: together with what is said without any tree and with what the
trees say on average they add up to the log odds that were served. Source: Lundberg & al., Nature Machine Intelligence
2 (2020), 56-67. They tell what the model did with a number, and not what the number does to prices.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import xgboost as xgb

from analysis.arrays import Floats
from ml.arrays import Matrix
from ml.features import NAMES
from ml.training import HEADS, Fit


class Contribution(NamedTuple):
    """A feature with its value, as the model saw it (NaN: unknown), and by how much that moved the log odds."""

    feature: str
    value: float
    log_odds: float


class HeadReasons(NamedTuple):
    """How one head's log odds came about: blend + mean + contributions + others.

    `blend` is what chance and base rates say, `mean` what the trees say on average; `others` are the contributions that
    are not named. `share` is the part of the trees that counts: with 0 there is no contribution.
    """

    head: str
    log_odds: float
    share: float
    blend: float
    mean: float
    contributions: tuple[Contribution, ...]
    others: float


def reasons(fit: Fit, blend: Floats, features: Matrix, most: int) -> list[tuple[HeadReasons, ...]]:
    """Return for each row both heads' reasons, the `most` largest contributions of each by their size.

    `blend` has both heads' log odds without the trees, `features` the rows that they were asked of.
    """
    if not len(features):
        return []
    found = contributions(fit.booster, features) * np.array(fit.shrinkage)[:, np.newaxis]
    return [
        tuple(
            _of_head(head, fit.shrinkage[place], float(base[place]), rows[place], values, most)
            for place, head in enumerate(HEADS)
        )
        for base, rows, values in zip(blend, found, features, strict=True)
    ]


def contributions(booster: xgb.Booster, features: Matrix) -> Floats:
    """Return for each row and head what each feature adds to the trees' log odds, and last their mean.

    A number of threads that is not said would hang in a child of a process that has used the library.
    """
    rows = xgb.DMatrix(np.ascontiguousarray(features), nthread=1)
    told = booster.predict(rows, pred_contribs=True, validate_features=False)
    return np.asarray(told, np.float64).reshape(len(features), len(HEADS), len(NAMES) + 1)


def _of_head(head: str, share: float, blend: float, found: Floats, values: Matrix, most: int) -> HeadReasons:
    each, mean = found[:-1], float(found[-1])
    largest: Sequence[int] = [int(at) for at in np.argsort(-np.abs(each), kind="stable")[:most] if each[at] != 0.0]
    named = tuple(Contribution(NAMES[at], float(values[at]), float(each[at])) for at in largest)
    total = float(each.sum())
    others = total - sum(one.log_odds for one in named)
    return HeadReasons(head, blend + mean + total, share, blend, mean, named, others)
