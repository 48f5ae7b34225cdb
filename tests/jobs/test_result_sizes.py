"""A result that nobody could read is refused before it is computed; what is read together is bounded."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AbstractUser

from analysis import Plan
from jobs import end_reasons
from jobs.errors import InvalidRequest
from jobs.models import Chunk, Job
from jobs.requests import JobRequest
from jobs.result_sizes import bars_out
from jobs.selectors import read_result
from jobs.services.draft import draft
from jobs.services.estimate import estimate
from jobs.services.run_chunk import run_chunk
from jobs.services.submit import submit, submit_many
from market.models import BarSeries, Instrument
from market.services.universes import put_universe
from tests.bars import random_walk
from tests.jobs.conftest import Clock, only_chunk

pytestmark = pytest.mark.django_db
MB = 1_000_000


def refusals(owner: AbstractUser, clock: Clock, **asked: Any) -> dict[str, str]:
    with pytest.raises(InvalidRequest) as refused:
        submit(owner=owner, request=JobRequest(**asked), now=clock())
    return {fault.code: fault.detail for fault in refused.value.faults}


def test_the_result_that_killed_a_pod_is_refused(owner: AbstractUser, clock: Clock) -> None:
    bars = random_walk(100_000, seed=1, timeframe="1m")
    detail = refusals(owner, clock, analyses=["all"], bars=bars, output="all")["result_too_large"]
    assert f"100,000 bars of {len(Plan.parse(['all']).keys)} columns" in detail
    assert "67.1 MB" in detail
    assert "output, last, start" in detail
    assert not Job.objects.exists()
    fits = int(detail.split("which is ")[1].split(" bars")[0].replace(",", ""))
    made = draft(owner=owner, request=JobRequest(analyses=["all"], bars=bars, output=fits), now=clock())
    assert made.result_bytes <= 64 * 1024 * 1024
    with pytest.raises(InvalidRequest):
        draft(owner=owner, request=JobRequest(analyses=["all"], bars=bars, output=fits + 1), now=clock())


def test_dry_runs_and_bulk_are_told_the_same(owner: AbstractUser, clock: Clock, settings: Any, broker: object) -> None:
    settings.RESULT_MAX_BYTES = 10_000
    large = JobRequest(analyses=["rsi"], bars=random_walk(1_000), output="all")
    with pytest.raises(InvalidRequest, match="1 fault"):
        estimate(owner=owner, request=large, now=clock())
    small = JobRequest(analyses=["rsi"], bars=random_walk(1_000), output=100)
    refused, accepted = submit_many(owner=owner, requests=[large, small], now=clock())
    assert isinstance(refused, InvalidRequest)
    assert isinstance(accepted, Job)
    assert estimate(owner=owner, request=small, now=clock()).result_bytes == 603 + 1_600


def test_all_that_is_wrong_is_told_at_once(owner: AbstractUser, clock: Clock, settings: Any) -> None:
    settings.RESULT_MAX_BYTES = settings.JOB_RESULT_MAX_BYTES = 1_000
    request = {"analyses": ["rsi"], "bars": random_walk(1_000), "output": "all", "deadline_at": clock()}
    assert refusals(owner, clock, **request).keys() == {"result_too_large", "results_too_large", "not_in_future"}


def test_a_scan_of_many_symbols_is_small(owner: AbstractUser, clock: Clock) -> None:
    """Four analyses over 5,000 symbols of 100,000 bars, the last value of each: it fits almost a hundred times."""
    instruments = Instrument.objects.bulk_create(Instrument(symbol=f"S{n}", created_at=clock()) for n in range(5_000))
    moments = dict.fromkeys(("first_at", "last_at", "updated_at"), clock())
    facts = {"timeframe": "1d", "adjustment": "raw", "fingerprint": "f", "bar_count": 100_000, "block_count": 25}
    BarSeries.objects.bulk_create(BarSeries(instrument=one, **facts, **moments) for one in instruments)
    put_universe(owner=None, name="all", symbols=[one.symbol for one in instruments], now=clock())
    analyses = ["rsi", "macd", "bollinger_bands", "candlesticks"]
    made = draft(owner=owner, request=JobRequest(analyses=analyses, universe="all"), now=clock())
    assert made.result_bytes < 12 * MB
    asked = {"analyses": analyses, "universe": "all", "output": 1_000}
    assert "5,000 symbols and 5,000,000 bars" in refusals(owner, clock, **asked)["results_too_large"]


@pytest.mark.parametrize(
    ("asked", "bars"),
    [
        ({}, 1),
        ({"output": 7}, 7),
        ({"output": "all"}, 100_000),
        ({"output": "all", "last": 50}, 50),
        ({"output": 20, "last": 50}, 20),
        ({"output": "all", "start": timedelta(days=10)}, 11),
        ({"output": "all", "start": timedelta(days=10), "end": timedelta(days=8)}, 3),
        ({"output": "all", "end": timedelta(days=8)}, 100_000),
        ({"output": "all", "start": timedelta(days=-10)}, 1),
        ({"output": "all", "start": timedelta(days=400_000)}, 100_000),
    ],
)
def test_as_many_bars_are_expected_as_can_come(clock: Clock, asked: dict[str, Any], bars: int) -> None:
    ranged = {name: clock() - back for name, back in asked.items() if isinstance(back, timedelta)}
    request = JobRequest(analyses=["rsi"], universe="u", **{**asked, **ranged})
    assert bars_out(request, 100_000, "1d", clock()) == bars


def test_no_more_bars_come_than_were_expected(
    owner: AbstractUser, walks: list[str], broker: object, clock: Clock
) -> None:
    """Ranges that begin and end inside of bars."""
    first = datetime.fromisoformat("2020-01-01T00:00:00+00:00")
    for hours, length in [(0, 24), (12, 24), (12, 30), (13, 100), (-5, 48)]:
        start = first + timedelta(days=5, hours=hours)
        request = JobRequest(
            analyses=["close"], symbols=["W0"], output="all", start=start, end=start + timedelta(hours=length)
        )
        job = submit(owner=owner, request=request, now=clock())
        run_chunk(only_chunk(job).pk, clock=clock)
        job.refresh_from_db()
        came = len(read_result(job).items[0]["time"])
        assert 1 <= came <= bars_out(request, 300, "1d", clock())


def test_bars_with_more_events_than_expected_fail_alone(
    owner: AbstractUser, walks: list[str], broker: object, clock: Clock, settings: Any
) -> None:
    """What a series fires is known only when it is computed, and counted before it is made."""
    request = JobRequest(analyses=["candlesticks"], symbols=walks, output="all")
    job = submit(owner=owner, request=request, now=clock())
    settings.RESULT_MAX_BYTES = 100_000
    for chunk in Chunk.objects.filter(job=job):
        run_chunk(chunk.pk, clock=clock)
    job.refresh_from_db()
    page = read_result(job)
    assert page.failed
    assert {failure["code"] for failure in page.failed} == {end_reasons.TOO_LARGE}


def test_results_that_are_read_together_are_bounded(
    owner: AbstractUser, walks: list[str], broker: object, clock: Clock, settings: Any
) -> None:
    settings.RESULT_MAX_BYTES = 12_000
    made = draft(owner=owner, request=JobRequest(analyses=["rsi"], symbols=walks, output="all"), now=clock())
    assert [len(part) for part in made.parts] == [2, 2, 2]
