"""Drift: how far what a model is asked of is from what it was trained on, as a population stability index."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from analysis.arrays import Floats
from ml.arrays import Matrix
from ml.features import NAMES

TENTHS = np.linspace(0.1, 0.9, 9)
WARN, ALARM = 0.10, 0.25
LEAST_EVENTS = 200  # of which ten shares and what they are compared with can be told
FLOOR = 1e-4  # a share, so that an empty bin counts much and not for ever


def reference(features: Matrix) -> dict[str, Any]:
    """Return for each feature its nine deciles and the shares of the bins between them, the unknown last."""
    found = {}
    for name, column in zip(NAMES, features.T, strict=True):
        known = column[~np.isnan(column)]
        edges = np.unique(np.quantile(known, TENTHS)).tolist() if len(known) else []
        found[name] = {"edges": edges, "shares": _shares(column, edges).tolist()}
    return found


def stability(stored: Mapping[str, Any], features: Matrix) -> dict[str, float]:
    """Return the index of each feature: Σ (now − then) · ln(now / then) over its bins. Above .25 is an alarm."""
    return {
        name: index(stored[name]["shares"], _shares(column, stored[name]["edges"]))
        for name, column in zip(NAMES, features.T, strict=True)
        if name in stored
    }


def index(then: Sequence[float] | Floats, now: Sequence[float] | Floats) -> float:
    """Return the population stability index of two distributions over the same bins."""
    a, b = np.maximum(np.asarray(then), FLOOR), np.maximum(np.asarray(now), FLOOR)
    return float(((b - a) * np.log(b / a)).sum())


def verdict(indices: Mapping[str, float], events: int) -> str:
    """Return `too_few`, `stable`, `warn` or `alarm` by the largest index."""
    if events < LEAST_EVENTS:
        return "too_few"
    worst = max(indices.values(), default=0.0)
    return "alarm" if worst > ALARM else "warn" if worst > WARN else "stable"


def _shares(column: Floats, edges: Sequence[float]) -> Floats:
    known = column[~np.isnan(column)]
    counts = np.bincount(np.searchsorted(np.asarray(edges), known, side="right"), minlength=len(edges) + 1)
    shares: Floats = np.append(counts, len(column) - len(known)) / max(len(column), 1)
    return shares
