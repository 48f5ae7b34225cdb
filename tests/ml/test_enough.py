"""Too few events are refused before anything is trained, with how many there are and how many are needed."""

from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest

from ml.enough import LEAST_HELD_OUT, LEAST_QUARTERS, demand_enough
from ml.errors import TooFewEvents
from ml.examples import STOP, TIMEOUT, Examples
from ml.ranges import Excursions
from ml.splits import LEAST_EVENTS, is_held_out
from ml.training_set import TrainingSet

DAY_NS = 86_400_000_000_000


def of(examples: Examples) -> TrainingSet:
    none = np.empty(0)
    return TrainingSet(examples, examples, Excursions(none, none, none, none), 0, Counter())  # type: ignore[arg-type]


def lacking(examples: Examples) -> TooFewEvents:
    with pytest.raises(TooFewEvents) as refused:
        demand_enough(of(examples))
    assert f"{refused.value.found:,} " in refused.value.detail
    assert f"at least {refused.value.needed:,} are needed" in refused.value.detail
    return refused.value


def test_what_does_is_let_through(noise: Examples) -> None:
    demand_enough(of(noise))


def test_no_events_are_too_few() -> None:
    none = lacking(Examples.none())
    assert (none.found, none.needed) == (0, LEAST_EVENTS)


def test_one_less_than_needed_is_too_few(noise: Examples) -> None:
    assert lacking(noise.take(np.arange(LEAST_EVENTS - 1))).found == LEAST_EVENTS - 1


@pytest.mark.parametrize(
    ("part", "said"),
    [
        (lambda noise: noise.take(~is_held_out(noise)), "held out"),
        (lambda noise: noise.take(is_held_out(noise)), "periods"),
        (lambda noise: noise.take(~is_held_out(noise) | (noise.label <= STOP)), "unresolved"),
        (lambda noise: noise.take(~is_held_out(noise) | (noise.label == TIMEOUT)), "resolved"),
    ],
)
def test_none_of_a_kind_are_too_few(noise: Examples, part: Callable[[Examples], Examples], said: str) -> None:
    refused = lacking(part(noise.take(np.tile(np.arange(len(noise)), 4))))
    assert said in refused.detail
    assert refused.found == 0 or refused.needed == LEAST_HELD_OUT


def test_all_at_once_cannot_be_tried(noise: Examples) -> None:
    """Nothing is over before anything begins: there is no period to try on."""
    assert "periods" in lacking(within(noise, days=20)).detail


def test_a_year_is_too_short(noise: Examples) -> None:
    refused = lacking(within(noise, days=500))
    assert (refused.needed, refused.found < LEAST_QUARTERS) == (LEAST_QUARTERS, True)


def within(noise: Examples, days: int) -> Examples:
    """Return the same events, crowded into fewer days."""
    columns = {name: getattr(noise, name) for name in noise.__dataclass_fields__}
    first, last = int(noise.known_at.min()), int(noise.known_at.max())
    columns["known_at"] = first + (noise.known_at - first) // max(1, (last - first) // (days * DAY_NS))
    columns["over_at"] = columns["ended_at"] = columns["known_at"] + DAY_NS
    return Examples(**columns)
