"""What is trained on and what it is tried on: symbols never seen, and periods after everything that was learnt."""

from collections.abc import Iterator
from hashlib import sha256
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from analysis.arrays import Bools, Ints
from analysis.timeframe import DAY_NS
from ml.arrays import Names
from ml.errors import TooFewEvents
from ml.examples import Examples

HELD_OUT = 0.30  # of the symbols
FOLDS = 6
FIRST = 0.30  # of the events are before the first period that is tried
EMBARGO_NS = 28 * DAY_NS
LEAST_EVENTS = 2_000  # to train and judge; fewer leave a fold with next to nothing


class Fold(NamedTuple):
    """Rows that are trained on, and rows that are tried; the latter begin at `begins_at`."""

    train: Ints
    test: Ints
    begins_at: int


def is_held_out(examples: Examples) -> Bools:
    """Return which events are of symbols that no model is trained on."""
    return held_out_symbols(examples.symbol)


def held_out_symbols(symbol: Names) -> Bools:
    """Return which rows are of symbols that nothing is trained on: by a hash of the symbol, so for ever."""
    symbols, place = np.unique(symbol, return_inverse=True)
    drawn = [int(sha256(str(one).encode()).hexdigest()[:8], 16) / 16**8 for one in symbols]
    found: Bools = np.array([one < HELD_OUT for one in drawn], np.bool_)[place]
    return found


def is_before(examples: Examples, at: int) -> Bools:
    """Return which events may be learnt from before a moment: their whole life is over, and an embargo has passed.

    That an event ended early does not let it in: among the last ones only the quick would be known.
    """
    found: Bools = examples.over_at + EMBARGO_NS <= at
    return found


def walk_forward(examples: Examples, folds: int = FOLDS) -> Iterator[Fold]:
    """Yield folds of about as many events each, oldest first: trained on all that is before, tried on all symbols.

    Raises TooFewEvents.
    """
    if len(examples) < LEAST_EVENTS:
        raise TooFewEvents(len(examples), LEAST_EVENTS)
    may_train = ~is_held_out(examples)
    marks = np.quantile(examples.known_at, np.linspace(FIRST, 1, folds + 1), method="higher").tolist()
    for number, (begin, end) in enumerate(pairwise(marks), start=1):
        is_test = (examples.known_at >= begin) & ((examples.known_at < end) | (number == folds))
        train = np.flatnonzero(may_train & is_before(examples, begin))
        if len(train) and is_test.any():
            yield Fold(train, np.flatnonzero(is_test), begin)
