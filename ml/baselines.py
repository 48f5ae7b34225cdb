"""What is known without a model: chance, how a pattern did before, and both together.

Forecasts are columns of P(target), P(stop), P(timeout). The blend takes the random walk's log odds as far as they have
told something before (a line through them, or none where that told less than the rate), shifted by how much the pattern
did better or worse than that; this is what a model's trees are added to.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np

from analysis.arrays import Bools, Floats
from ml.arrays import Names
from ml.examples import STOP, TARGET, Examples
from ml.metrics import LEAST, log_loss, logit, sigmoid
from ml.splits import is_before

PRIOR = 200.0  # events that a name is held to have had by chance alone, or like all others
OWN = 200  # events from which on a name has a rate of its own
STEPS = 12  # of Newton, which has settled long before
INNER = 0.8  # of events to learn from, by time, before those that choose
FEW = 100  # events that choose nothing
FURTHEST = 3.0  # that a step goes: where chance is sure of much that did not happen, Newton goes beyond all bounds


@dataclass(frozen=True)
class Group:
    """A name, a family or all: events, rates of target and stop, and the shifts of both heads in log odds."""

    count: int
    target: float
    stop: float
    resolve_shift: float
    direction_shift: float

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> Self:
        """Return the group of a card."""
        rest = (finite(given[name]) for name in ("target", "stop", "resolve_shift", "direction_shift"))
        return cls(int(given["count"]), *rest)


@dataclass(frozen=True)
class Baseline:
    """Groups by name and by family. A name with fewer than 200 events is read as its family, that as all."""

    names: Mapping[str, Group]
    families: Mapping[str, Group]
    whole: Group
    lines: tuple[tuple[float, float], tuple[float, float]]  # of each head: intercept and slope

    @classmethod
    def of(cls, examples: Examples, weight: Floats) -> Self:
        """Return the baseline that these events teach."""
        is_over, chance = examples.label <= STOP, chance_margins(examples.chance)
        earlier, later = split(examples)
        lines = (
            _chosen(chance[:, 0], is_over, weight, earlier, later),
            _chosen(chance[:, 1], examples.label == TARGET, weight, earlier & is_over, later & is_over, is_over),
        )
        expected = sigmoid(_along(lines, chance))
        whole = _group(examples, weight, expected, np.ones(len(examples), np.bool_), None)
        by: list[dict[str, Group]] = []
        for column in (examples.name, examples.family):
            by.append({str(one): _group(examples, weight, expected, column == one, whole) for one in np.unique(column)})
        return cls(by[0], by[1], whole, lines)

    def group(self, name: str, family: str) -> tuple[Group, str]:
        """Return what an event of this name is read as, and whether that is its `name`, its `family` or `all`."""
        own = self.names.get(name)
        if own is not None and own.count >= OWN:
            return own, "name"
        kin = self.families.get(family)
        return (kin, "family") if kin is not None and kin.count >= OWN else (self.whole, "all")

    def rates(self, examples: Examples) -> Floats:
        """Return the forecast of the rates alone."""
        return self._each(examples.name, examples.family, lambda one: (one.target, one.stop, 1 - one.target - one.stop))

    def margins(self, examples: Examples) -> Floats:
        """Return the blend's log odds of being resolved, and of the target where it is."""
        return self.margins_of(examples.name, examples.family, examples.chance)

    def margins_of(self, name: Names, family: Names, chance: Floats) -> Floats:
        """Return the same of names, families and the walk's P(target) and P(stop)."""
        shifts = self._each(name, family, lambda one: (one.resolve_shift, one.direction_shift))
        return _along(self.lines, chance_margins(chance)) + shifts

    def to_dict(self) -> dict[str, Any]:
        """Return the baseline for a card."""
        return asdict(self)

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> Self:
        """Return the baseline of a card. Raises ValueError, TypeError or LookupError where it lacks a figure."""
        groups = [{name: Group.read(one) for name, one in given[part].items()} for part in ("names", "families")]
        first, second = ((finite(at), finite(slope)) for at, slope in given["lines"])
        return cls(groups[0], groups[1], Group.read(given["whole"]), (first, second))

    def _each(self, name: Names, family: Names, of: Callable[[Group], tuple[float, ...]]) -> Floats:
        """Return a row per event of what its group says; each name is asked once."""
        names, first, place = np.unique(name, return_index=True, return_inverse=True)
        families = family[first]
        rows = [of(self.group(str(one), str(kin))[0]) for one, kin in zip(names, families, strict=True)]
        return np.array(rows, np.float64).reshape(len(rows), len(of(self.whole)))[place]


def finite(given: Any) -> float:
    """Return a number of a card; raise ValueError or TypeError for what is none, or none that can be reckoned with."""
    if not math.isfinite(number := float(given)):
        raise ValueError(f"{number} is no figure.")
    return number


def split(examples: Examples) -> tuple[Bools, Bools]:
    """Return which events choose, the last fifth of them, and before those which are over when it begins."""
    if not len(examples):
        return np.zeros(0, np.bool_), np.zeros(0, np.bool_)
    begins_at = int(np.quantile(examples.known_at, INNER, method="higher"))
    return is_before(examples, begins_at), examples.known_at >= begins_at


def chance_margins(chance: Floats) -> Floats:
    """Return the random walk's log odds of being resolved, and of the target where it is."""
    resolved = chance.sum(axis=1)
    return np.column_stack((logit(resolved), logit(chance[:, 0] / np.maximum(resolved, LEAST))))


def forecast(margins: Floats) -> Floats:
    """Return P(target), P(stop), P(timeout) of both heads' log odds."""
    resolved, target = sigmoid(margins[:, 0]), sigmoid(margins[:, 1])
    return np.column_stack((resolved * target, resolved * (1 - target), 1 - resolved))


def _along(lines: tuple[tuple[float, float], tuple[float, float]], margins: Floats) -> Floats:
    return np.column_stack([at + slope * margins[:, head] for head, (at, slope) in enumerate(lines)])


def _chosen(
    margin: Floats, hit: Bools, weight: Floats, earlier: Bools, later: Bools, rows: Bools | None = None
) -> tuple[float, float]:
    """Return the line of these rows, or a level one where of the later the line of the earlier told less than a rate.

    Chance that says little of events is extreme for some of them all the same, and that costs.
    """
    costs = [0.0, 0.0]
    if min(int(earlier.sum()), int(later.sum())) >= FEW:
        for place, of in enumerate((_line, _level)):
            at, slope = of(margin[earlier], hit[earlier], weight[earlier])
            told = sigmoid(at + slope * margin[later])
            missed = log_loss(np.column_stack((1 - told, told)), hit[later].astype(np.int64))
            costs[place] = float(weight[later] @ missed)
    of = _line if costs[0] <= costs[1] else _level
    return of(margin, hit, weight) if rows is None else of(margin[rows], hit[rows], weight[rows])


def _level(margin: Floats, hit: Bools, weight: Floats) -> tuple[float, float]:
    """Return the line that says the rate, whatever chance says."""
    rate = float(weight[hit].sum()) / max(float(weight.sum()), LEAST)
    return float(logit(np.array([rate]))[0]), 0.0


def _line(margin: Floats, hit: Bools, weight: Floats) -> tuple[float, float]:
    """Return the logistic line through log odds, drawn towards themselves (0, 1) as by PRIOR events."""
    design, beta = np.column_stack((np.ones(len(margin)), margin)), np.array([0.0, 1.0])
    for _ in range(STEPS):
        p = sigmoid(design @ beta)
        gradient = design.T @ (weight * (hit - p)) - PRIOR / 4 * (beta - (0.0, 1.0))
        information = (design.T * (weight * p * (1 - p))) @ design + PRIOR / 4 * np.eye(2)
        beta = beta + np.clip(np.linalg.solve(information, gradient), -FURTHEST, FURTHEST)
    return float(beta[0]), float(beta[1])


def _group(examples: Examples, weight: Floats, expected: Floats, rows: Bools, whole: Group | None) -> Group:
    """Return the group of these rows; its rates lean on those of `whole`, its shifts on none."""
    label, own = examples.label[rows], weight[rows]
    prior, known = (0.0, (0.0, 0.0)) if whole is None else (PRIOR, (whole.target, whole.stop))
    total = max(float(own.sum()) + prior, LEAST)
    target, stop = ((float(own[label == one].sum()) + prior * known[one]) / total for one in (TARGET, STOP))
    is_over, told = label <= STOP, expected[rows]
    shifts = _shift(own, is_over, told[:, 0]), _shift(own[is_over], label[is_over] == TARGET, told[is_over, 1])
    return Group(int(rows.sum()), target, stop, *shifts)


def _shift(weight: Floats, hit: Bools, expected: Floats) -> float:
    """Return by how much the observed rate is above what is expected, in log odds, with the prior at that."""
    total = float(weight.sum())
    if total <= 0:
        return 0.0
    mean = float(weight @ expected) / total
    rate = (float(weight[hit].sum()) + PRIOR * mean) / (total + PRIOR)
    return float(logit(np.array([rate]))[0] - logit(np.array([mean]))[0])
