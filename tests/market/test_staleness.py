"""A series' usual step has its nights, weekends and holidays in it; what is older by three of them has ended."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from analysis import Bars
from analysis.arrays import Times
from market.models import BarBlock, BarSeries
from market.selectors import load_many
from market.services import store_series
from market.services.store import columns_of
from market.staleness import STEP_BARS, is_stale, usual_step_seconds
from tests.bars import random_walk
from tests.market.made import NOW

MINUTE, HOUR, DAY = 60, 3_600, 86_400


def times(step: int, count: int, *, first_hour: int = 0, hours: int = 24, weekends: bool = True) -> Times:
    """Return opens of bars in the hours of a day in which something trades, up to the beginning of June 2024."""
    end = int(datetime(2024, 6, 1, tzinfo=UTC).timestamp())
    every = np.arange(end - 40 * count * step, end, step, dtype=np.int64)
    traded = (every % DAY >= first_hour * HOUR) & (every % DAY < (first_hour + hours) * HOUR)
    if not weekends:
        traded &= (every // DAY + 3) % 7 < 5
    return every[traded][-count:] * 1_000_000_000


@pytest.mark.parametrize(
    ("time", "seconds"),
    [
        (times(DAY, 500), DAY),
        (times(DAY, 500, weekends=False), 3 * DAY),
        (times(DAY, 20, weekends=False), 3 * DAY),
        (times(7 * DAY, 200), 7 * DAY),
        (times(HOUR, 500), HOUR),
        (times(HOUR, 500, first_hour=14, hours=7, weekends=False), 66 * HOUR),
        (times(MINUTE, 1_000, first_hour=14, hours=6, weekends=False), 18 * HOUR + MINUTE),
        (times(MINUTE, 5_000), MINUTE),
        (times(MINUTE, 2), MINUTE),
    ],
)
def test_nights_and_weekends_that_come_again_are_usual(time: Times, seconds: int) -> None:
    assert usual_step_seconds(time) == seconds


def test_months_differ_in_length() -> None:
    months = np.arange("2010-01", "2024-06", dtype="datetime64[M]").astype("datetime64[ns]").astype(np.int64)
    assert usual_step_seconds(months) == 31 * DAY


def test_what_happened_once_is_not_usual() -> None:
    time = times(DAY, 400).copy()
    time[:200] -= 300 * DAY * 1_000_000_000
    assert usual_step_seconds(time) == DAY
    long_ago = times(HOUR, 3 * STEP_BARS).copy()
    long_ago[:STEP_BARS] -= np.arange(STEP_BARS, 0, -1) * 1_000 * DAY * 10**9
    assert usual_step_seconds(long_ago) == HOUR


@pytest.mark.parametrize("time", [[], [5], [5, 6], [5, 999_999_999]])
def test_where_there_is_no_step_nothing_is_usual(time: list[int]) -> None:
    assert usual_step_seconds(np.array(time, dtype=np.int64)) is None


def test_a_weekend_does_not_end_a_series_and_three_steps_do() -> None:
    friday = datetime(2024, 5, 24, tzinfo=UTC)
    step = 3 * DAY
    assert not is_stale(friday, step, datetime(2024, 5, 28, 21, tzinfo=UTC)), "the Monday was a holiday"
    assert not is_stale(friday, step, friday + timedelta(days=12))
    assert is_stale(friday, step, friday + timedelta(days=12, seconds=1))
    assert not is_stale(friday, step, friday - timedelta(days=365)), "it is of a clock that is ahead"


@pytest.mark.parametrize("last", [None, 1, 5, 3_000])
@pytest.mark.parametrize("count", [40, 4_100, 5_500])
def test_the_step_does_not_hang_on_how_many_bars_are_asked_for(db: None, last: int | None, count: int) -> None:
    series = store(times(HOUR, count, first_hour=14, hours=7, weekends=False))
    steps: dict[int, int] = {}
    [(_, bars)] = load_many([series.pk], last=last, on_step=steps.__setitem__)
    assert len(bars) == min(count, last or count)
    assert steps == {series.pk: 66 * HOUR}


def test_who_does_not_ask_for_the_step_reads_no_block_more(db: None) -> None:
    series = store(times(HOUR, 4_100))
    BarBlock.objects.filter(series=series, position=0).update(data=b"rubbish")
    [(_, bars)] = load_many([series.pk], last=2)
    assert len(bars) == 2


def store(time: Times) -> BarSeries:
    columns = columns_of(random_walk(len(time)))._asdict() | {"time": time}
    facts = {"timeframe": "1h", "source": "made", "adjustment": "raw", "now": NOW}
    return store_series(owner=None, bars=Bars(**columns, timeframe="1h"), symbol="X", **facts)
