"""Identical jobs at the same time: which wait for another, and which do not."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.contrib.auth.models import AbstractUser
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from jobs.errors import TooManyOpenJobs
from jobs.models import Blob, Chunk, Job, Transition
from jobs.queries import life
from jobs.requests import JobRequest
from jobs.results import read_result
from jobs.services.clone import clone
from jobs.services.run_chunk import run_chunk
from jobs.services.submit import submit, submit_many
from jobs.states import State
from tests.bars import random_walk
from tests.jobs.conftest import Clock, only_chunk
from tests.jobs.identical import Submit, computed, run, states, submit_same

__all__ = ["submit_same"]

pytestmark = pytest.mark.django_db(transaction=True)


def test_followers_take_the_result_of_their_leader(submit_same: Submit, clock: Clock) -> None:
    leader, *followers = (submit_same() for _ in range(5))
    assert (leader.leads, leader.state) == (True, State.QUEUED)
    assert {(one.waits_for, one.state) for one in followers} == {(leader.pk, State.ACCEPTED)}
    assert Blob.objects.count() == 1
    run(leader, clock)
    assert states(leader, *followers) == ["succeeded"] * 5
    assert computed() == 1
    assert {one.reused for one in followers} == {True}
    assert {only_chunk(one).blob_id for one in followers} == {only_chunk(leader).blob_id}
    assert {str(read_result(one).items) for one in followers} == {str(read_result(leader).items)}
    path = [row.to_state for row in Transition.objects.filter(job=followers[0], chunk=None).order_by("id")]
    assert path == ["accepted", "running", "succeeded"]
    assert submit_same().state == State.SUCCEEDED


def test_one_may_join_while_the_leader_runs(submit_same: Submit, clock: Clock) -> None:
    leader = submit_same()
    joined: list[Job] = []

    def moment() -> Any:
        if not joined and Job.objects.filter(pk=leader.pk, state=State.RUNNING).exists():
            joined.append(submit_same())
        return clock()

    run_chunk(only_chunk(leader).pk, worker="w", clock=moment)
    assert states(leader, *joined) == ["succeeded", "succeeded"]
    assert computed() == 1


def test_of_a_bulk_request_the_first_of_each_kind_leads(owner: AbstractUser, clock: Clock, broker: Any) -> None:
    requests = [JobRequest(analyses=["rsi"], bars=random_walk(120, seed=seed)) for seed in (1, 2, 1, 2, 1)]
    jobs = [job for job in submit_many(owner=owner, requests=requests, now=clock()) if isinstance(job, Job)]
    assert [job.leads for job in jobs] == [True, True, False, False, False]
    run(jobs[0], clock)
    run(jobs[1], clock)
    assert states(*jobs) == ["succeeded"] * 5
    assert computed() == 2


def test_a_job_of_several_chunks_is_joined_whole(
    owner: AbstractUser, walks: list[str], clock: Clock, settings: Any, broker: Any
) -> None:
    settings.CHUNK_TARGET_MILLISECONDS = 0.001
    request = JobRequest(analyses=["rsi"], universe="walks")
    leader, follower = (submit(owner=owner, request=request, now=clock()) for _ in range(2))
    assert leader.chunk_count == follower.chunk_count == 6
    run(leader, clock)
    assert states(leader, follower) == ["succeeded"] * 2
    assert follower.ok_count == 6
    assert [item["symbol"] for item in read_result(follower).items] == walks


@pytest.mark.parametrize("fields", [{"reuse": False}, {"output": "all"}, {"seed": 2}, {"include": ["forming"]}])
def test_what_is_not_the_same_or_wants_its_own_is_computed(
    submit_same: Submit, clock: Clock, fields: dict[str, Any]
) -> None:
    first, other = submit_same(), submit_same(**fields)
    assert other.waits_for is None
    run(first, clock)
    assert states(other) == ["queued"]
    run(other, clock)
    assert (states(other), computed()) == (["succeeded"], 2)


def test_another_owner_waits_for_nobody(submit_same: Submit, stranger: AbstractUser) -> None:
    submit_same()
    other = submit_same(who=stranger)
    assert (other.waits_for, other.leads) == (None, True)


def test_a_clone_is_computed_again(submit_same: Submit, owner: AbstractUser, clock: Clock) -> None:
    leader = submit_same()
    again = clone(job=leader, owner=owner, now=clock())
    assert (again.waits_for, again.leads, again.state) == (None, False, State.QUEUED)


def test_nobody_waits_for_what_begins_later(submit_same: Submit, clock: Clock) -> None:
    later = submit_same(start_after=clock() + timedelta(hours=1))
    now = submit_same()
    assert (later.leads, now.waits_for, now.leads) == (False, None, True)
    assert submit_same(start_after=clock() + timedelta(hours=1)).waits_for is None


def test_who_waits_does_not_wait_in_the_queue_of_those_who_do_not(submit_same: Submit, clock: Clock) -> None:
    background = submit_same(waited_for=False)
    asked = submit_same()
    assert (asked.queue, asked.waits_for, asked.leads) == ("interactive", None, True)
    assert submit_same().waits_for == asked.pk
    assert submit_same(waited_for=False).waits_for == background.pk


def test_followers_count_among_the_open_jobs_of_their_owner(submit_same: Submit, settings: Any) -> None:
    settings.OPEN_JOBS_PER_OWNER = 2
    submit_same()
    submit_same()
    with pytest.raises(TooManyOpenJobs):
        submit_same()


def test_nothing_is_joined_that_was_rolled_back(submit_same: Submit, clock: Clock) -> None:
    with transaction.atomic():
        submit_same()
        transaction.set_rollback(True)
    assert submit_same().leads
    assert Chunk.objects.count() == 1


def test_of_many_who_begin_the_same_at_once_one_leads(owner: AbstractUser, clock: Clock, broker: Any) -> None:
    crowd = 12
    together = Barrier(crowd)
    bars = [random_walk(120, seed=seed) for seed in (1, 2)]

    def one(n: int) -> list[Job]:
        requests = [JobRequest(analyses=["rsi"], bars=each) for each in (bars if n % 2 else bars[::-1])]
        together.wait(30)
        try:
            return [job for job in submit_many(owner=owner, requests=requests, now=clock()) if isinstance(job, Job)]
        finally:
            connection.close()

    with ThreadPoolExecutor(crowd) as threads:
        jobs = [job for several in threads.map(one, range(crowd)) for job in several]
    leaders = [job for job in jobs if job.leads]
    assert len(leaders) == len({job.fingerprint for job in leaders}) == 2
    of = {job.fingerprint: job.pk for job in leaders}
    assert all(job.waits_for == of[job.fingerprint] for job in jobs if not job.leads)
    for leader in leaders:
        run(leader, clock)
    assert set(states(*jobs)) == {"succeeded"}
    assert computed() == 2


def test_what_a_submit_asks_is_found_by_the_indexes_of_fingerprints(owner: AbstractUser) -> None:
    """PostgreSQL says so over a million jobs (test_query_plans)."""
    if connection.vendor != "sqlite":
        return
    with CaptureQueriesContext(connection) as asked:
        list(life.reusable_jobs(owner.pk, ["a", "b"]))
    (sql,) = (one["sql"] for one in asked)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        steps = " ".join(step for *_, step in cursor.fetchall())
    assert "job_reusable (fingerprint=?)" in steps
    assert "job_leads_once (fingerprint=?" in steps
