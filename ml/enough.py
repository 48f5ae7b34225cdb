"""Whether events do to train a model and to judge it: what is lacking is said before hours go by, with numbers."""

import numpy as np

from ml.errors import TooFewEvents
from ml.examples import STOP, Examples
from ml.intervals import quarters
from ml.splits import LEAST_EVENTS, is_held_out, walk_forward
from ml.training_set import TrainingSet

LEAST_HELD_OUT = 300  # tried events of symbols that nothing is trained on; a calibration of fewer says nothing
LEAST_QUARTERS = 8  # of the tried events: intervals draw whole quarters
LEAST_FOLDS = 3


def demand_enough(made: TrainingSet) -> None:
    """Raise TooFewEvents, with how many there are and how many are needed, for the first thing that is lacking."""
    _demand(len(made.stated), LEAST_EVENTS, "events whose outcome is known")
    folds = [fold.test for fold in walk_forward(made.stated)]
    _demand(len(folds), LEAST_FOLDS, "periods that a model of earlier events can be tried on")
    tried = made.stated.take(np.concatenate(folds))
    _demand(int(is_held_out(tried).sum()), LEAST_HELD_OUT, "tried events of symbols that are held out")
    _demand(len(np.unique(quarters(tried.known_at))), LEAST_QUARTERS, "calendar quarters of tried events")
    _demand(_fewest(tried), 1, "resolved and unresolved events of held-out symbols")


def _fewest(tried: Examples) -> int:
    is_over = tried.label[is_held_out(tried)] <= STOP
    return int(min(is_over.sum(), (~is_over).sum()))


def _demand(found: int, needed: int, of: str) -> None:
    if found < needed:
        raise TooFewEvents(found, needed, of)
