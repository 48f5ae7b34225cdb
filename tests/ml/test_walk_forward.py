"""The harness sees a leak where there is one, and nothing where there is none."""

from dataclasses import replace

import numpy as np
import pytest

from ml.examples import STOP, TARGET, TIMEOUT, Examples
from ml.intervals import of_mean
from ml.metrics import auc, auc_within, log_loss
from ml.splits import is_held_out
from ml.walk_forward import Forecasts, forecasts

ROUNDS = 60


def direction_auc(tried: Forecasts) -> float:
    """Return the AUC of the model's direction among events of about the same chance."""
    over = tried.examples.label != TIMEOUT
    given = tried.chance[over, 1]
    return auc_within(tried.model[over, 1], tried.examples.label[over] == TARGET, given)


@pytest.fixture(scope="module")
def tried(noise: Examples) -> Forecasts:
    return forecasts(noise, rounds=ROUNDS)


def test_on_walks_there_is_no_direction(tried: Forecasts) -> None:
    assert direction_auc(tried) == pytest.approx(0.5, abs=0.04)
    told = tried.probabilities()
    gain = log_loss(told["blend"], tried.examples.label) - log_loss(told["model"], tried.examples.label)
    assert of_mean(gain, tried.block).low < 0.001


def test_a_feature_of_the_next_bar_is_seen(noise: Examples, tried: Forecasts) -> None:
    with_leak = np.column_stack((noise.features, noise.next_return / noise.next_return.std())).astype(np.float32)
    leaking = forecasts(replace(noise, features=with_leak), rounds=ROUNDS)
    assert direction_auc(leaking) > direction_auc(tried) + 0.05


def test_forecasts_of_an_event_are_the_same_whatever_came_of_it_and_later(noise: Examples, tried: Forecasts) -> None:
    """Turned round after the second fold begins, outcomes change no forecast of the first two."""
    begins = int(tried.examples.known_at[tried.fold == 1].min())
    later = noise.over_at >= begins
    turned = np.where(noise.label == TIMEOUT, TIMEOUT, np.where(noise.label == STOP, TARGET, STOP))
    again = forecasts(replace(noise, label=np.where(later, turned, noise.label)), rounds=ROUNDS)
    first = tried.fold <= 1
    assert (again.model[first] == tried.model[first]).all()
    assert (again.model[~first] != tried.model[~first]).any()


def test_held_out_symbols_are_told_apart_and_rows_can_be_taken(tried: Forecasts) -> None:
    part = tried.take(tried.is_held_out)
    assert (part.is_held_out == is_held_out(part.examples)).all()
    assert 0 < len(part.examples) < len(tried.examples)
    assert all(told.sum(axis=1) == pytest.approx(1.0) for told in part.probabilities().values())
    assert auc(part.chance[:, 0], part.examples.label != TIMEOUT) > 0.5
