"""All gates over a training set: what is run wherever a model is made or evaluated."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

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
OTHER_STEPS = 6  # what is looked at besides seeds and shuffles
Result = TypeVar("Result")
Tell = Callable[[int, int], None]


class Steps:
    """Tells how many of the steps are over."""

    def __init__(self, total: int, tell: Tell) -> None:
        self._done, self._total, self._tell = 0, total, tell

    def over(self, result: Result) -> Result:
        """Return what a step has come to, and tell that it is over."""
        self._done += 1
        self._tell(self._done, self._total)
        return result


class Assessment(NamedTuple):
    """What walking forward found, the same of events measured alike, and every gate."""

    found: Evaluation
    alike: Forecasts
    gates: list[Gate]


def assess(made: TrainingSet, *, seeds: int = SEEDS, tell: Tell = lambda done, total: None) -> Assessment:
    """Return everything, with `seeds` of random walks; without any their gate has not held.

    `tell` hears how many steps are done, and of how many. Raises TooFewEvents.
    """
    over = Steps(OTHER_STEPS + seeds + SHUFFLES, tell).over
    found = over(evaluate(made.stated, trials=made.family.trials))
    alike = over(forecasts(made.alike) if made.family.states_prices else found.tried)
    walks = [over(tried_on_walks(seed, WALKS, stochastic=seed % 2 == 1, family=made.family)) for seed in range(seeds)]
    shuffled = [over(trials.with_shuffled_labels(made.alike, seed)) for seed in range(SHUFFLES)]
    leaking, unpurged = over(trials.with_a_leak(made.alike)), over(trials.unpurged_auc(made.alike))
    held = [
        *gates.calibrated(found),
        *gates.no_worse(found),
        gates.believable(alike),
        *gates.nothing_on_walks(walks),
        gates.nothing_shuffled(shuffled),
        gates.leak_seen(alike, leaking, unpurged),
        over(gates.point_in_time(sorted(set(made.stated.name.tolist())))),
        over(gates.reproduced(made.stated)),
    ]
    return Assessment(found, alike, held)


def not_run(seeds: int) -> Sequence[str]:
    """Return what a card says of seeds of random walks that were not run."""
    return () if seeds >= FULL_SEEDS else (f"Of the {FULL_SEEDS} seeds of random walks of gate G4 {seeds} were run.",)
