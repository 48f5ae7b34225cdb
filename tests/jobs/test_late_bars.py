"""A series that has ended is said to be stale in every answer about its newest bar, used again or not."""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from analysis import Bars
from jobs.models import Chunk, Job
from jobs.requests import JobRequest
from jobs.results import read_all, read_result
from jobs.services.run_chunk import run_chunk
from jobs.services.submit import submit
from market.services import store_series
from market.services.store import columns_of
from tests.bars import DAY_NS, random_walk

pytestmark = pytest.mark.usefixtures("broker")


@pytest.fixture
def ends(owner, clock):
    """Store daily bars, weekends too, the newest of which opened that long before the clock's day."""

    def make(symbol: str, days: int, count: int = 60) -> str:
        midnight = int(datetime.combine(clock().date(), datetime.min.time(), UTC).timestamp()) * 10**9
        time = midnight - days * DAY_NS - np.arange(count, dtype=np.int64)[::-1] * DAY_NS
        bars = Bars(**columns_of(random_walk(count))._asdict() | {"time": time}, timeframe="1d")
        facts = {"timeframe": "1d", "source": "made", "adjustment": "raw", "now": clock()}
        store_series(owner=owner, bars=bars, symbol=symbol, **facts)
        return symbol

    return make


def ask(owner, clock, *symbols: str, **fields: Any) -> Job:
    asked = {"symbols": list(symbols), "timeframe": "1d"} if symbols else {}
    job = submit(owner=owner, request=JobRequest(analyses=["rsi"], **asked, **fields), now=clock())
    for pk in Chunk.objects.filter(job=job, state="queued").values_list("pk", flat=True):
        run_chunk(pk, clock=clock)
    return Job.objects.get(pk=job.pk)


def told(job: Job) -> dict[str, bool]:
    items = read_result(job).items
    for item in items:
        assert item["stale"] == ("stale" in [note["code"] for note in item["quality"]])
    return {item["symbol"]: item["stale"] for item in items}


def test_a_series_that_ended_is_no_hit_of_today(owner, clock, ends) -> None:
    job = ask(owner, clock, ends("OLD", 5_000), ends("NEW", 1))
    assert told(job) == {"OLD": True, "NEW": False}
    assert [one["stale"] for one in read_all(job).answers] == [True, False]
    note = next(note for note in read_result(job).items[0]["quality"] if note["code"] == "stale")
    newest = clock() - timedelta(days=5_000)
    assert (
        note["detail"]
        == f"The series had ended: its newest bar is of {newest:%Y-%m-%d}T00:00:00Z, its usual step 24 hours."
    )
    assert read_result(job).items[0]["bars"]["usual_step_seconds"] == 86_400


def test_an_answer_that_is_used_again_is_judged_by_its_own_job(owner, clock, ends) -> None:
    first = ask(owner, clock, ends("X", 2))
    clock.forward(10 * 86_400)
    again = ask(owner, clock, "X")
    assert (again.reused, told(first), told(again)) == (True, {"X": False}, {"X": True})
    clock.forward(10 * 86_400)
    assert told(first) == {"X": False}, "a finished answer does not change"


def test_who_asks_for_the_past_gets_no_mark(owner, clock, ends) -> None:
    symbol = ends("OLD", 5_000)
    end = clock() - timedelta(days=5_010)
    assert told(ask(owner, clock, symbol, end=end)) == {"OLD": False}
    assert told(ask(owner, clock, symbol, end=end, reuse=False, output="all")) == {"OLD": False}


def test_a_mark_hangs_neither_on_the_output_nor_on_what_is_read(owner, clock, ends) -> None:
    symbol = ends("OLD", 100)
    for fields in ({"output": "all"}, {"output": 3}, {"last": 30}, {"start": clock() - timedelta(days=120)}):
        job = ask(owner, clock, symbol, **fields)
        assert told(job) == {"OLD": True}, fields
    assert read_result(job, rows=2).items[0]["stale"]


def test_inline_bars_are_of_whatever_time_they_are(owner, clock) -> None:
    job = ask(owner, clock, bars=random_walk(60))
    assert list(told(job).values()) == [False]
    assert "usual_step_seconds" not in read_result(job).items[0]["bars"]


def test_a_result_of_an_earlier_release_has_no_step_and_no_mark(owner, clock, ends, monkeypatch) -> None:
    monkeypatch.setattr("jobs.compute.USUAL_STEP", "unknown_then")
    assert told(ask(owner, clock, ends("OLD", 5_000))) == {"OLD": False}
