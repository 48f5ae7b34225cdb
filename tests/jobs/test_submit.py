import pytest
from django.conf import settings

from jobs.errors import InvalidRequest
from jobs.models import Blob, Chunk, Job, Transition
from jobs.requests import JobRequest
from jobs.services.run_chunk import run_chunk
from jobs.services.submit import submit
from jobs.states import State
from tests.bars import random_walk
from tests.jobs.conftest import only_chunk


def test_a_job_is_its_rows_before_anything_is_sent(submit_inline) -> None:
    job = submit_inline(tags=["a", "b", "a"])
    chunk = only_chunk(job)
    assert (job.state, chunk.state, chunk.published_at) == (State.ACCEPTED, State.ACCEPTED, None)
    assert [row.tag for row in job.tag_rows.order_by("id")] == ["a", "b"]
    assert Transition.objects.filter(job=job, from_state="").count() == 2


def test_every_fault_is_named_at_once_and_nothing_is_stored(owner, clock, walks) -> None:
    request = JobRequest(
        analyses=["rsi", "rsj", {"name": "macd", "params": {"fast_period": -3}}],
        symbols=["W0", "NOPE", "GONE"],
    )
    with pytest.raises(InvalidRequest) as refused:
        submit(owner=owner, request=request, now=clock())
    faults = {fault.pointer: fault for fault in refused.value.faults}
    assert {"/analyses/1", "/symbols/1", "/symbols/2"} <= set(faults)
    assert "rsi" in faults["/analyses/1"].detail
    assert any(pointer.startswith("/analyses/2") for pointer in faults)
    assert not Job.objects.exists()
    assert not Chunk.objects.exists()
    assert not Blob.objects.exists()


def test_a_universe_becomes_one_item_a_symbol(owner, clock, walks) -> None:
    job = submit(owner=owner, request=JobRequest(analyses=["rsi"], universe="walks"), now=clock())
    assert [item[0] for chunk in job.chunks.order_by("position") for item in chunk.items] == walks
    assert job.symbol_count == 6


def test_the_same_request_is_answered_from_the_stored_result(submit_inline, clock) -> None:
    first = submit_inline()
    run_chunk(only_chunk(first).pk, clock=clock)
    again = submit_inline()
    assert (again.state, again.reused, again.ok_count) == (State.SUCCEEDED, True, 1)
    assert only_chunk(again).blob_id == only_chunk(first).blob_id
    other = submit_inline(output="all")
    assert (other.state, other.reused) == (State.ACCEPTED, False)
    assert submit_inline(reuse=False).state == State.ACCEPTED


def test_another_owners_result_is_not_reused(submit_inline, clock, stranger) -> None:
    first = submit_inline()
    run_chunk(only_chunk(first).pk, clock=clock)
    request = JobRequest(analyses=["rsi", "macd"], bars=random_walk(200))
    assert submit(owner=stranger, request=request, now=clock()).state == State.QUEUED


def test_too_many_analyses_are_refused(owner, clock) -> None:
    request = JobRequest(analyses=["rsi"] * (settings.JOB_MAX_ANALYSES + 1), bars=random_walk(50))
    with pytest.raises(InvalidRequest) as refused:
        submit(owner=owner, request=request, now=clock())
    assert [fault.code for fault in refused.value.faults] == ["too_many"]


def test_with_room_in_the_window_a_job_is_queued_in_the_transaction_that_accepts_it(owner, clock) -> None:
    request = JobRequest(analyses=["rsi"], bars=random_walk(60))
    job = submit(owner=owner, request=request, now=clock())
    chunk = only_chunk(job)
    assert (job.state, chunk.state, chunk.published_at) == (State.QUEUED, State.QUEUED, clock())
    path = [t.to_state for t in Transition.objects.filter(chunk=chunk).order_by("id")]
    assert path == ["accepted", "queued"]


def test_nobody_overtakes_a_backlog(submit_inline, stranger, clock) -> None:
    submit_inline()
    request = JobRequest(analyses=["rsi"], bars=random_walk(60))
    assert submit(owner=stranger, request=request, now=clock()).state == State.ACCEPTED


@pytest.mark.django_db(transaction=True)
def test_submit_is_accepted_while_the_broker_is_away(owner, clock, unreachable_broker) -> None:
    request = JobRequest(analyses=["rsi"], bars=random_walk(60))
    chunk = only_chunk(submit(owner=owner, request=request, now=clock()))
    assert (chunk.state, chunk.published_at) == (State.QUEUED, None)
