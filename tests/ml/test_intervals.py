"""Intervals hold the truth as often as they say, where quarters have something in common."""

import numpy as np
import pytest

from ml.intervals import Interval, of_auc, of_mean, of_slope, quarters
from ml.metrics import logit, sigmoid
from tests.ml.covered import covered

BLOCKS, EACH = 40, 50


def with_common_shocks(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return values whose blocks have a shock in common, and the blocks."""
    block = np.repeat(np.arange(BLOCKS), EACH)
    return rng.normal(0, 0.5, BLOCKS)[block] + rng.normal(0, 1, len(block)), block


def test_a_quarter_is_a_calendar_quarter() -> None:
    days = np.array(["1999-12-31", "2000-01-01", "2000-03-31", "2000-04-01", "2001-01-01"], "datetime64[ns]")
    assert quarters(days.astype(np.int64)).tolist() == [0, 1, 1, 2, 3]


def test_a_mean_is_covered_where_single_rows_would_be_far_too_sure() -> None:
    def by_block(rng: np.random.Generator) -> Interval:
        return of_mean(*with_common_shocks(rng))

    def by_row(rng: np.random.Generator) -> Interval:
        values, _ = with_common_shocks(rng)
        reach = 1.96 * values.std() / len(values) ** 0.5
        return Interval(values.mean(), values.mean() - reach, values.mean() + reach, 0)

    assert covered(by_block, 0.0, 200, seed=4) >= 0.9
    assert covered(by_row, 0.0, 200, seed=4) < 0.6


def test_the_slope_of_true_probabilities_is_one_and_of_bold_ones_less() -> None:
    def true(rng: np.random.Generator, bold: float = 1.0) -> Interval:
        shock, block = with_common_shocks(rng)
        told = sigmoid(rng.normal(0, 1, len(block)) + 0.1 * shock)
        return of_slope(sigmoid(bold * logit(told)), rng.random(len(block)) < told, block)

    assert covered(true, 1.0, 100, seed=5) >= 0.88
    found = true(np.random.default_rng(6), 2.0)
    assert found.high < 1
    assert found.value == pytest.approx(0.5, abs=0.1)


def test_more_trials_ask_for_more() -> None:
    values, block = with_common_shocks(np.random.default_rng(7))
    once, often = of_mean(values, block), of_mean(values, block, trials=50)
    assert once[:3] == often[:3]
    assert often.deflated_low < once.deflated_low <= once.low


def test_an_auc_has_an_interval_too() -> None:
    rng = np.random.default_rng(8)
    hit, block = rng.random(4_000) < 0.5, np.repeat(np.arange(40), 100)
    found = of_auc(rng.random(4_000) + 0.2 * hit, hit, block)
    assert found.low < found.value < found.high
    assert found.low > 0.55


def test_one_block_alone_has_no_interval_to_speak_of() -> None:
    found = of_mean(np.array([1.0, 3.0]), np.zeros(2, np.int64))
    assert (found.value, found.low, found.high) == (2.0, 2.0, 2.0)
