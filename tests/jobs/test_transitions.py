import threading

import pytest
from django.db import connection
from django.utils import timezone

from jobs.errors import IllegalTransition
from jobs.models import Chunk, Job, Transition
from jobs.states import State
from jobs.transitions import move, move_many
from tests.jobs.conftest import only_chunk

# Each holds a connection, and the pool has eight.
THREADS = 6
LEASE = {"lease_expires_at": timezone.now()}


def test_the_winner_moves_the_row_and_leaves_a_transition(submit_inline, clock) -> None:
    chunk = only_chunk(submit_inline())
    assert move(chunk, State.RUNNING, actor="w1", now=clock(), attempt=1, **LEASE)
    assert (chunk.state, chunk.attempt) == (State.RUNNING, 1)
    trace = Transition.objects.filter(chunk=chunk).order_by("id").last()
    assert trace is not None
    assert (trace.from_state, trace.to_state, trace.actor, trace.attempt) == ("accepted", "running", "w1", 1)


def test_losing_the_race_is_a_normal_return_and_leaves_nothing(submit_inline, clock) -> None:
    job = submit_inline()
    first, second = only_chunk(job), only_chunk(job)
    assert move(first, State.RUNNING, actor="w1", now=clock(), attempt=1, **LEASE)
    before = Transition.objects.count()
    assert not move(second, State.RUNNING, actor="w2", now=clock(), attempt=1, **LEASE)
    assert Transition.objects.count() == before
    assert second.state == State.ACCEPTED


def test_a_worker_whose_lease_was_taken_back_cannot_finish(submit_inline, clock) -> None:
    job = submit_inline()
    late = only_chunk(job)
    move(late, State.RUNNING, actor="w1", now=clock(), attempt=1, **LEASE)
    taken = only_chunk(job)
    move(taken, State.ACCEPTED, actor="sweep", now=clock(), lease_expires_at=None)
    move(taken, State.RUNNING, actor="w2", now=clock(), attempt=2, **LEASE)
    assert not move(late, State.FAILED, actor="w1", now=clock())


def test_a_move_that_the_table_forbids_is_a_bug(submit_inline, clock) -> None:
    job = submit_inline()
    with pytest.raises(IllegalTransition, match="job cannot move from accepted to succeeded"):
        move(job, State.SUCCEEDED, actor="w", now=clock())


def test_rows_cannot_be_saved_past_the_table(submit_inline) -> None:
    job = submit_inline()
    with pytest.raises(TypeError):
        job.save()
    with pytest.raises(TypeError):
        only_chunk(job).save()


def test_a_set_moves_with_one_transition_each(submit_inline, clock) -> None:
    chunks = [only_chunk(submit_inline(seed=n)) for n in range(5)]
    assert move_many(chunks, State.QUEUED, actor="pump", now=clock(), queued_at=clock()) == 5
    assert Chunk.objects.filter(state=State.QUEUED).count() == 5
    assert Transition.objects.filter(to_state="queued", chunk__isnull=False).count() == 5


@pytest.mark.django_db(transaction=True)
def test_of_many_threads_claiming_one_chunk_exactly_one_wins(submit_inline, clock) -> None:
    job: Job = submit_inline()
    gate = threading.Barrier(THREADS)
    wins: list[bool] = []

    def claim(worker: int) -> None:
        try:
            chunk = only_chunk(job)
            gate.wait(10)
            wins.append(move(chunk, State.RUNNING, actor=f"w{worker}", now=clock(), attempt=1, **LEASE))
        finally:
            connection.close()

    threads = [threading.Thread(target=claim, args=(n,)) for n in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(wins) == [False] * (THREADS - 1) + [True]
    assert Transition.objects.filter(to_state="running").count() == 1
