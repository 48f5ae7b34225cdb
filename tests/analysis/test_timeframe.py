"""Timeframes: told from the times, and when a bar closes."""

import numpy as np
import pytest

from analysis import timeframe
from analysis.errors import BarsError

HOUR_NS = 3_600_000_000_000


def ns(*moments: str) -> np.ndarray:
    return np.array(moments, dtype="datetime64[ns]").astype(np.int64)


@pytest.mark.parametrize("name", timeframe.LENGTH_NS)
def test_every_known_length_is_told_from_its_step(name: str) -> None:
    assert timeframe.infer(np.arange(10, dtype=np.int64) * timeframe.LENGTH_NS[name]) == name


def test_weekends_and_holidays_do_not_hide_a_daily_series() -> None:
    assert timeframe.infer(ns("2024-01-04", "2024-01-05", "2024-01-08", "2024-01-09", "2024-01-10")) == "1d"


def test_months_of_different_lengths_are_months() -> None:
    assert timeframe.infer(ns("2024-01-01", "2024-02-01", "2024-03-01", "2024-04-01")) == "1M"
    assert timeframe.infer(ns("2023-02-01", "2023-03-01")) == "1M"


@pytest.mark.parametrize("time", [ns("2024-01-01"), ns("2024-01-01", "2024-01-01T00:07"), ns()])
def test_what_cannot_be_told_is_a_fault(time: np.ndarray) -> None:
    with pytest.raises(BarsError) as caught:
        timeframe.infer(time)
    assert caught.value.faults[0].code == "unknown_timeframe"


def test_a_month_closes_with_the_calendar() -> None:
    opens = int(ns("2024-02-01")[0])
    assert timeframe.closes_at(opens, "1M") == int(ns("2024-03-01")[0])
    assert timeframe.closes_at(opens, "1h") == opens + HOUR_NS
