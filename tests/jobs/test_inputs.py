"""How much of a stored series is read for a job: what decides its answer, and no more."""

from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from django.contrib.auth.models import AbstractUser

from analysis import Bars, Plan, run
from jobs import compute, inputs
from jobs.models import Job
from jobs.requests import JobRequest
from jobs.selectors import read_result
from jobs.services.run_chunk import run_chunk
from jobs.services.submit import submit
from market.services.store import store_series
from market.time_conversion import from_ns
from tests.bars import random_walk
from tests.jobs.conftest import Clock, only_chunk

LENGTH = 20_000


@pytest.fixture
def long_series(owner: AbstractUser, clock: Clock) -> Bars:
    bars = random_walk(LENGTH, symbol="LONG")
    store_series(owner=None, bars=bars, symbol="LONG", timeframe="1d", source="test", adjustment="raw", now=clock())
    return bars


@pytest.mark.parametrize(
    ("analysis", "most"),
    [
        ("sma(3)@1w", 100),
        ("sma(3)@1M", 250),
        ("highest(close@1w, 10)", 100),
        ("sma(5, close@1w)", 100),
        ("crossed_above(close, sma(3)@1w)", 100),
        ("rsi@1w", 2_500),
        ("obv@1w", LENGTH),
    ],
)
@pytest.mark.parametrize("output", ["last", 3])
def test_a_higher_timeframe_reads_what_it_needs_and_finds_the_same(
    broker: Any,
    owner: AbstractUser,
    clock: Clock,
    long_series: Bars,
    analysis: str,
    most: int,
    output: Any,
    monkeypatch: Any,
) -> None:
    read: list[int] = []
    honest = inputs.load

    def counting(*given: Any) -> Any:
        for entry in honest(*given):
            read.append(len(entry.bars))
            yield entry

    monkeypatch.setattr(compute.inputs, "load", counting)
    job: Job = submit(
        owner=owner, request=JobRequest(analyses=[analysis], symbols=["LONG"], output=output), now=clock()
    )
    run_chunk(only_chunk(job).pk, clock=clock)
    job.refresh_from_db()
    columns = read_result(job).items[0]["columns"]
    now_ns = int(clock().timestamp()) * 1_000_000_000
    whole = run(Plan.parse([analysis]), long_series, now_ns=now_ns, output=1 if output == "last" else output)
    assert columns.keys() == whole.columns.keys()
    for key, values in whole.columns.items():
        assert np.isfinite(values).all()
        np.testing.assert_allclose(np.array(columns[key], dtype=float), values, rtol=1e-9)
    assert read == [LENGTH] if most == LENGTH else read[0] <= most


def test_a_range_begins_and_ends_between_seconds_as_well(
    broker: Any, owner: AbstractUser, clock: Clock, long_series: Bars
) -> None:
    later = {n: from_ns(int(long_series.time[n])) + timedelta(milliseconds=500) for n in (100, 110)}
    request = JobRequest(analyses=["close"], symbols=["LONG"], output="all", start=later[100], end=later[110])
    job = submit(owner=owner, request=request, now=clock())
    run_chunk(only_chunk(job).pk, clock=clock)
    told = read_result(Job.objects.get(pk=job.pk)).items[0]["columns"]["close"]
    assert told == pytest.approx(long_series.close[101:111].tolist()), "start is inclusive, end is not"
