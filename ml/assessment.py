"""All gates over a training set: what the commands that make and evaluate a model run."""

from collections.abc import Iterator
from typing import NamedTuple

from ml import gates, trials
from ml.evaluation import Evaluation, evaluate
from ml.gates import Gate
from ml.null_walks import tried as tried_on_walks
from ml.training_set import TrainingSet
from ml.walk_forward import Forecasts, forecasts

SEEDS, FULL_SEEDS = 4, 20
# Of 2,500 bars, some 45,000 events a seed. With a third of them the AUC of a seed has a deviation of .0095 without any
# fault, and of twenty the furthest is beyond .02 as often as not.
WALKS = 400
SHUFFLES = 3


class Assessment(NamedTuple):
    """What walking forward found, the same of events measured alike, and every gate."""

    found: Evaluation
    alike: Forecasts
    gates: list[Gate]


def assess(made: TrainingSet, *, full: bool = False) -> Assessment:
    """Return everything; `full` takes twenty seeds of random walks instead of four. Raises TooFewEvents."""
    found, alike = evaluate(made.stated), forecasts(made.alike)
    return Assessment(found, alike, list(_gates(made, found, alike, full)))


def _gates(made: TrainingSet, found: Evaluation, alike: Forecasts, full: bool) -> Iterator[Gate]:
    yield from gates.calibrated(found)
    yield from gates.no_worse(found)
    yield gates.believable(alike)
    seeds = range(FULL_SEEDS if full else SEEDS)
    yield from gates.nothing_on_walks([tried_on_walks(seed, WALKS, stochastic=seed % 2 == 1) for seed in seeds])
    yield gates.nothing_shuffled([trials.with_shuffled_labels(made.alike, seed) for seed in range(SHUFFLES)])
    yield gates.leak_seen(alike, trials.with_a_leak(made.alike), trials.unpurged_auc(made.alike))
    yield gates.point_in_time(sorted(set(made.stated.name.tolist())))
    yield gates.reproduced(made.stated)
