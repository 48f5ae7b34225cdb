"""Weights by hand."""

import numpy as np
import pytest

from ml.weights import by_date, uniqueness


def test_a_life_that_is_shared_counts_by_its_part() -> None:
    first, last = np.array([0, 2, 8]), np.array([3, 5, 9])
    # Bars 0 and 1 alone, 2 and 3 with another.
    assert uniqueness(first, last, 10) == pytest.approx([(1 + 1 + 0.5 + 0.5) / 4] * 2 + [1.0])


def test_a_single_event_counts_whole_and_none_nothing() -> None:
    assert uniqueness(np.array([3]), np.array([3]), 4).tolist() == [1.0]
    assert uniqueness(np.empty(0, np.int64), np.empty(0, np.int64), 4).tolist() == []


def test_a_day_of_many_events_counts_as_a_usual_one() -> None:
    days = np.array([1, 2, 3, 3, 3, 3])
    assert by_date(days).tolist() == [1.0, 1.0, 0.25, 0.25, 0.25, 0.25]
    assert by_date(np.empty(0, np.int64)).tolist() == []
