import pytest

from jobs.errors import NotCancellable, NotRetryable
from jobs.models import Chunk, Job
from jobs.requests import JobRequest
from jobs.selectors import read_result
from jobs.services import run_chunk as service
from jobs.services.cancel import cancel
from jobs.services.retry import retry
from jobs.services.submit import submit
from jobs.states import State
from tests.jobs.conftest import only_chunk

pytestmark = pytest.mark.django_db


def test_a_waiting_job_is_cancelled_at_once(submit_inline, clock) -> None:
    job = cancel(job=submit_inline(), actor="client", now=clock())
    assert (job.state, only_chunk(job).state) == (State.CANCELLED, State.CANCELLED)
    assert read_result(job).failed[0]["code"] == "cancelled"


def test_cancelling_twice_is_the_same_as_once(submit_inline, clock) -> None:
    job = cancel(job=submit_inline(), actor="client", now=clock())
    assert cancel(job=job, actor="client", now=clock()).state == State.CANCELLED


def test_a_cancelled_chunk_cannot_be_claimed(submit_inline, clock) -> None:
    job = cancel(job=submit_inline(), actor="client", now=clock())
    assert service.run_chunk(only_chunk(job).pk, clock=clock).outcome == "lost"


def test_a_job_with_a_running_chunk_is_cancelling_and_ends_cancelled_though_the_chunk_succeeds(
    broker, submit_inline, clock, monkeypatch
) -> None:
    job = submit_inline()
    honest = service.compute

    def cancelled_too_late(chunk, **rest):
        computed = honest(chunk, **rest)
        assert cancel(job=Job.objects.get(pk=job.pk), actor="client", now=clock()).state == State.CANCELLING
        return computed

    monkeypatch.setattr(service, "compute", cancelled_too_late)
    service.run_chunk(only_chunk(job).pk, clock=clock)
    job.refresh_from_db()
    assert (job.state, only_chunk(job).state) == (State.CANCELLED, State.SUCCEEDED)
    assert len(read_result(job).items) == 1, "finished parts stay readable"


def test_a_job_that_is_over_cannot_be_cancelled(broker, submit_inline, clock) -> None:
    job = submit_inline()
    service.run_chunk(only_chunk(job).pk, clock=clock)
    job.refresh_from_db()
    with pytest.raises(NotCancellable):
        cancel(job=job, actor="client", now=clock())


def test_retry_makes_a_new_job_of_what_failed(broker, owner, clock, walks, monkeypatch) -> None:
    job = submit(owner=owner, request=JobRequest(analyses=["rsi"], universe="walks", tags=["t"]), now=clock())

    def broken(*_, **__):
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(service, "compute", broken)
        service.run_chunk(only_chunk(job).pk, clock=clock)
    job.refresh_from_db()
    again = retry(job=job, owner=owner, now=clock())
    assert again.pk != job.pk
    assert (again.retry_of_id, again.state) == (job.pk, State.QUEUED)
    assert [item[0] for item in only_chunk(again).items] == walks
    assert [row.tag for row in again.tag_rows.all()] == ["t"]


def test_retry_of_inline_bars_keeps_the_bars(broker, submit_inline, owner, clock) -> None:
    job = cancel(job=submit_inline(), actor="client", now=clock())
    again = retry(job=job, owner=owner, now=clock())
    assert service.run_chunk(only_chunk(again).pk, clock=clock).outcome == "succeeded"


def test_nothing_to_retry_is_said(broker, submit_inline, owner, clock) -> None:
    job = submit_inline()
    with pytest.raises(NotRetryable):
        retry(job=job, owner=owner, now=clock())
    service.run_chunk(only_chunk(job).pk, clock=clock)
    job.refresh_from_db()
    with pytest.raises(NotRetryable):
        retry(job=job, owner=owner, now=clock())
    assert Chunk.objects.count() == 1
