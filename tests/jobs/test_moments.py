"""When a job may begin, must be over, and how long one stretch of work may take."""

from datetime import timedelta

import pytest

from jobs import dispatch, end_reasons
from jobs.errors import InvalidRequest
from jobs.models import Chunk, Job
from jobs.requests import JobRequest
from jobs.selectors import describe, read_result
from jobs.services import run_chunk as service
from jobs.services.estimate import estimate
from jobs.services.run_chunk import run_chunk
from jobs.services.submit import submit
from jobs.services.sweep import cancel_overdue, sweep
from jobs.states import State
from tests.bars import random_walk
from tests.jobs.conftest import only_chunk
from tests.jobs.test_dispatch import messages

pytestmark = pytest.mark.django_db


@pytest.fixture
def later(broker, owner, clock):
    def make(**fields):
        request = JobRequest(analyses=["rsi"], bars=random_walk(60, seed=3), reuse=False, **fields)
        return submit(owner=owner, request=request, now=clock())

    return make


def test_a_start_that_is_put_off_is_not_sent_before_its_moment(later, clock) -> None:
    job = later(start_after=clock() + timedelta(hours=1))
    chunk = only_chunk(job)
    assert (chunk.state, messages(chunk.queue)) == (State.ACCEPTED, [])
    assert run_chunk(chunk.pk, clock=clock).outcome == "lost"
    assert dispatch.start_due(now=clock()) == 0
    assert dispatch.start_due(now=clock.forward(3_601)) == 1
    assert messages(chunk.queue) == [chunk.pk]


def test_one_that_waits_for_its_moment_does_not_hold_up_others(later, clock) -> None:
    later(start_after=clock() + timedelta(hours=1))
    assert only_chunk(later()).state == State.QUEUED


def test_what_has_not_begun_at_its_deadline_is_cancelled_with_the_reason(later, clock) -> None:
    job = later(deadline_at=clock() + timedelta(seconds=30))
    assert cancel_overdue(now=clock.forward(29)) == 0
    assert cancel_overdue(now=clock.forward(2)) == 1
    job.refresh_from_db()
    assert (job.state, describe(job)["reason"]) == (State.CANCELLED, end_reasons.DEADLINE)
    assert cancel_overdue(now=clock()) == 0


def test_what_runs_at_its_deadline_stops_and_is_not_overdue_twice(later, clock) -> None:
    job = later(deadline_at=clock() + timedelta(seconds=30))
    service._claim(only_chunk(job).pk, "w1", clock())
    assert cancel_overdue(now=clock.forward(31)) == 1
    assert Job.objects.get(pk=job.pk).state == State.CANCELLING
    assert cancel_overdue(now=clock()) == 0


def test_a_job_that_is_over_has_no_deadline_any_more(later, clock) -> None:
    job = later(deadline_at=clock() + timedelta(seconds=30))
    run_chunk(only_chunk(job).pk, clock=clock)
    assert cancel_overdue(now=clock.forward(31)) == 0
    assert Job.objects.get(pk=job.pk).state == State.SUCCEEDED


def test_moments_that_make_no_sense_are_refused_together(later, clock) -> None:
    with pytest.raises(InvalidRequest) as refused:
        later(start_after=clock() + timedelta(days=99), deadline_at=clock() - timedelta(days=1))
    assert {(fault.pointer, fault.code) for fault in refused.value.faults} == {
        ("/start_after", "too_far_ahead"),
        ("/deadline_at", "not_in_future"),
    }


def test_when_the_time_of_a_chunk_is_up_its_symbols_so_far_are_kept(
    broker, owner, walks, clock, settings, monkeypatch
) -> None:
    symbols = walks[:3]
    job = submit(owner=owner, request=JobRequest(analyses=["rsi"], symbols=symbols, timeframe="1d"), now=clock())
    monkeypatch.setattr(service, "RENEW_SECONDS", -1)
    honest, calls = service._Lease.holds, []

    def holds(lease) -> bool:
        calls.append(1)
        if len(calls) == 3:
            lease._began -= settings.CHUNK_SOFT_LIMIT_SECONDS
        return honest(lease)

    monkeypatch.setattr(service._Lease, "holds", holds)
    run_chunk(only_chunk(job).pk, clock=clock)
    job.refresh_from_db()
    assert (job.state, job.ok_count, job.failed_count) == (State.PARTIAL, 2, 1)
    assert read_result(job).failed[0]["code"] == end_reasons.OUT_OF_TIME


def test_a_worker_that_was_paused_past_its_lease_leaves_its_symbols_to_another(
    broker, owner, walks, clock, monkeypatch
) -> None:
    job = submit(owner=owner, request=JobRequest(analyses=["rsi"], symbols=walks[:3], timeframe="1d"), now=clock())
    chunk = only_chunk(job)
    honest, calls = service._Lease.holds, []

    def paused_before_the_second(lease) -> bool:
        calls.append(1)
        if len(calls) == 2:
            lease._looked -= 70
            lease._began -= 70
        return honest(lease)

    monkeypatch.setattr(service._Lease, "holds", paused_before_the_second)
    assert run_chunk(chunk.pk, worker="paused", clock=clock).outcome == "lost"
    assert Chunk.objects.get(pk=chunk.pk).state == State.RUNNING
    clock.forward(61)
    sweep(now=clock())
    assert run_chunk(chunk.pk, worker="other", clock=clock).outcome == "succeeded"
    job.refresh_from_db()
    assert (job.state, job.ok_count, job.failed_count) == (State.SUCCEEDED, 3, 0)


def test_a_chunk_that_asks_for_too_much_memory_fails_with_that_reason(later, clock, monkeypatch) -> None:
    job = later()

    def hungry(*_, **__):
        raise MemoryError

    monkeypatch.setattr(service, "compute", hungry)
    run_chunk(only_chunk(job).pk, clock=clock)
    job.refresh_from_db()
    assert (job.state, job.end_reason) == (State.FAILED, end_reasons.OUT_OF_MEMORY)


def test_an_estimate_stores_nothing(broker, owner, clock) -> None:
    request = JobRequest(analyses=["rsi", "macd"], bars=random_walk(200, seed=4))
    found = estimate(owner=owner, request=request, now=clock())
    assert (found.bar_count, found.reusable, found.chunks_ahead, found.wait_seconds) == (200, False, 0, 0.0)
    assert found.cost_seconds > 0
    assert not Job.objects.exists()
    job = submit(owner=owner, request=request, now=clock())
    assert estimate(owner=owner, request=request, now=clock()).chunks_ahead == 1
    run_chunk(only_chunk(job).pk, clock=clock)
    assert estimate(owner=owner, request=request, now=clock()).reusable
    assert Chunk.objects.count() == 1
