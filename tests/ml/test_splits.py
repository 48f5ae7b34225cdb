"""Splits: no symbol on both sides, and nothing learnt from what was still alive."""

import numpy as np
import pytest

from ml.errors import TooFewEvents
from ml.examples import Examples
from ml.splits import EMBARGO_NS, FOLDS, LEAST_EVENTS, is_before, is_held_out, walk_forward


def test_held_out_symbols_are_about_three_in_ten_and_always_the_same(noise: Examples) -> None:
    held = is_held_out(noise)
    symbols = set(noise.symbol[held])
    assert symbols.isdisjoint(noise.symbol[~held])
    assert 2 <= len(symbols) <= 12
    assert (is_held_out(noise.take(held))).all()


def test_folds_try_every_later_event_once_and_learn_only_from_lives_that_were_over(noise: Examples) -> None:
    folds = list(walk_forward(noise))
    assert len(folds) == FOLDS
    tried = np.concatenate([fold.test for fold in folds])
    assert len(np.unique(tried)) == len(tried) > 0.65 * len(noise)
    held = is_held_out(noise)
    for fold in folds:
        assert not held[fold.train].any()
        assert (noise.over_at[fold.train] + EMBARGO_NS <= fold.begins_at).all()
        assert (noise.known_at[fold.test] >= fold.begins_at).all()
    assert [len(fold.train) for fold in folds] == sorted(len(fold.train) for fold in folds)


def test_what_ended_early_is_not_let_in_before_its_life_is_over(noise: Examples) -> None:
    """Else the last events to be learnt from would be those that were resolved quickly, and no other."""
    at = int(np.quantile(noise.known_at, 0.5))
    early = (noise.ended_at + EMBARGO_NS <= at) & ~is_before(noise, at)
    assert early.any()


def test_too_few_are_refused_with_both_numbers(noise: Examples) -> None:
    with pytest.raises(TooFewEvents) as caught:
        list(walk_forward(noise.take(np.arange(100))))
    assert (caught.value.found, caught.value.needed) == (100, LEAST_EVENTS)
    assert caught.value.code == "too_few_events"
