"""Whatever becomes of their leader, followers end; and nobody is left behind."""

import itertools
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.contrib.auth.models import AbstractUser
from django.db import connection

from jobs import dispatch
from jobs.errors import NotCancellable
from jobs.models import Blob, Chunk, Job, Transition
from jobs.requests import JobRequest
from jobs.results import read_result
from jobs.services import join
from jobs.services.cancel import cancel
from jobs.services.purge import delete
from jobs.services.run_chunk import run_chunk
from jobs.services.submit import submit
from jobs.services.sweep import cancel_overdue, sweep
from jobs.states import State
from tests.bars import random_walk
from tests.jobs.conftest import Clock, only_chunk
from tests.jobs.identical import Interrupted, Submit, computed, fresh, run, states, submit_same

__all__ = ["submit_same"]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def deaf(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who ends a leader dies before they have resolved its followers."""
    for place in ("settle", "cancel"):
        monkeypatch.setattr(f"jobs.services.{place}.resolve", lambda *_, **__: 0)


@pytest.mark.parametrize("begun", [False, True])
def test_when_the_leader_is_cancelled_the_oldest_follower_leads(submit_same: Submit, clock: Clock, begun: bool) -> None:
    leader, *followers = (submit_same() for _ in range(4))
    if begun:
        with pytest.raises(KeyboardInterrupt):
            run_chunk(only_chunk(leader).pk, worker="killed", clock=Interrupted(clock))
        assert states(leader) == ["running"]
    cancel(job=leader, actor="owner", now=clock())
    assert states(leader) == ["cancelling" if begun else "cancelled"]
    assert [one.waits_for for one in fresh(followers)] == [None, followers[0].pk, followers[0].pk]
    assert states(followers[0]) == ["queued"]
    run(followers[0], clock)
    assert states(*followers) == ["succeeded"] * 3


def test_when_the_leader_fails_each_follower_is_computed(
    submit_same: Submit, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    leader, *followers = (submit_same() for _ in range(3))

    def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError("a fault of ours")

    with monkeypatch.context() as patch:
        patch.setattr("jobs.services.run_chunk.compute", broken)
        run(leader, clock)
    assert states(leader, *followers) == ["failed", "queued", "queued"]
    for one in followers:
        run(one, clock)
    assert states(*followers) == ["succeeded"] * 2


def test_a_result_that_is_not_the_fingerprints_is_not_taken(
    submit_same: Submit, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    leader, follower = submit_same(), submit_same()
    monkeypatch.setattr("jobs.compute.sources_digest", lambda sources: "of another release")
    run(leader, clock)
    assert states(leader, follower) == ["succeeded", "queued"]


def test_a_lost_worker_costs_the_followers_nothing_but_time(submit_same: Submit, clock: Clock, settings: Any) -> None:
    leader, *followers = (submit_same() for _ in range(3))
    with pytest.raises(KeyboardInterrupt):
        run_chunk(only_chunk(leader).pk, worker="killed", clock=Interrupted(clock))
    sweep(now=clock.forward(settings.LEASE_SECONDS + 1))
    assert states(leader, *followers) == ["running", "accepted", "accepted"]
    run(leader, clock)
    assert states(leader, *followers) == ["succeeded"] * 3


def test_a_leader_that_costs_every_worker_sets_its_followers_free(
    submit_same: Submit, clock: Clock, settings: Any
) -> None:
    leader, follower = submit_same(), submit_same()
    for _ in range(settings.MAX_ATTEMPTS):
        with pytest.raises(KeyboardInterrupt):
            run_chunk(only_chunk(leader).pk, worker="killed", clock=Interrupted(clock))
        sweep(now=clock.forward(settings.LEASE_SECONDS + 1))
    assert states(leader, follower) == ["failed", "queued"]


def test_cancel_and_deadline_of_a_follower_hold(submit_same: Submit, clock: Clock) -> None:
    leader = submit_same()
    brief, unwanted = submit_same(deadline_at=clock() + timedelta(seconds=5)), submit_same()
    cancel(job=unwanted, actor="owner", now=clock())
    assert cancel_overdue(now=clock.forward(6)) == 1
    run(leader, clock)
    assert states(leader, brief, unwanted) == ["succeeded", "cancelled", "cancelled"]
    assert brief.end_reason == "deadline_exceeded"
    assert [one.waits_for for one in (brief, unwanted)] == [None, None]


def test_who_is_computed_because_nobody_came_waits_for_nobody(submit_same: Submit, clock: Clock) -> None:
    _, follower = submit_same(), submit_same()
    dispatch.start_due(now=clock.forward(join.PATIENCE.total_seconds() + 1))
    assert states(follower) == ["queued"]
    assert follower.waits_for is None


def test_a_leaders_deadline_is_not_its_followers(submit_same: Submit, clock: Clock) -> None:
    leader, follower = submit_same(deadline_at=clock() + timedelta(seconds=5)), submit_same()
    cancel_overdue(now=clock.forward(6))
    assert states(leader, follower) == ["cancelled", "queued"]
    assert follower.leads


@pytest.mark.parametrize("end", ["succeeds", "cancelled", "deleted", "cancelled and deleted"])
def test_the_sweep_resolves_what_a_crash_left(submit_same: Submit, clock: Clock, deaf: None, end: str) -> None:
    leader, *followers = (submit_same() for _ in range(3))
    if "cancelled" in end:
        cancel(job=leader, actor="owner", now=clock())
    else:
        run(leader, clock)
    if "deleted" in end:
        leader.refresh_from_db()
        delete(job=leader, now=clock())
    assert states(*followers) == ["accepted"] * 2
    assert sweep(now=clock.forward(1)).joined == 2
    for _ in range(2):
        for one in followers:
            run(one, clock)
        sweep(now=clock.forward(20))
    assert states(*followers) == ["succeeded"] * 2


def test_without_a_sweep_followers_are_computed_after_a_while(submit_same: Submit, clock: Clock, deaf: None) -> None:
    leader, follower = submit_same(), submit_same()
    run(leader, clock)
    assert dispatch.start_due(now=clock.forward(join.PATIENCE.total_seconds() - 1)) == 0
    assert dispatch.start_due(now=clock.forward(2)) == 1
    run(follower, clock)
    assert states(follower) == ["succeeded"]


def test_the_sweep_lets_followers_wait_as_long_as_the_leader_is_under_way(submit_same: Submit, clock: Clock) -> None:
    leader, follower = submit_same(), submit_same()
    for _ in range(100):
        sweep(now=clock.forward(20))
    assert states(leader, follower) == ["queued", "accepted"]
    assert only_chunk(follower).not_before > clock()


def test_two_who_resolve_at_once_do_it_once(submit_same: Submit, clock: Clock, deaf: None) -> None:
    leader, *followers = (submit_same() for _ in range(3))
    run(leader, clock)
    assert [join.resolve(leader.pk, now=clock()) for _ in range(2)] == [2, 0]
    assert Transition.objects.filter(job=followers[0], chunk=None, to_state="succeeded").count() == 1


def test_so_many_followers_are_resolved_as_there_is_time_and_the_next_sweeps_go_on(
    submit_same: Submit, clock: Clock, deaf: None
) -> None:
    leader, *followers = (submit_same() for _ in range(6))
    run(leader, clock)
    moments = itertools.count()
    join.resolve(leader.pk, now=clock(), seconds=2.5, timer=lambda: next(moments))
    assert states(*followers) == ["succeeded"] * 2 + ["accepted"] * 3
    clock.now += join.PATIENCE / 2 + timedelta(seconds=1)
    join.look_after(now=clock(), limit=10, seconds=3.5, timer=lambda: next(moments))
    assert states(*followers) == ["succeeded"] * 4 + ["accepted"]
    last = only_chunk(followers[-1])
    assert last.not_before == clock() + join.PATIENCE, "the first ten minutes must not make it be computed"
    sweep(now=clock())
    assert states(*followers) == ["succeeded"] * 5
    assert computed() == 1


def test_a_purged_leader_leaves_the_shared_result(submit_same: Submit, clock: Clock) -> None:
    leader, follower = submit_same(), submit_same()
    run(leader, clock)
    leader.refresh_from_db()
    delete(job=leader, now=clock())
    follower.refresh_from_db()
    assert read_result(follower).items
    delete(job=follower, now=clock())
    assert not Blob.objects.exists()


def test_a_new_leader_beside_followers_that_are_promoted_does_no_harm(
    submit_same: Submit, clock: Clock, deaf: None
) -> None:
    leader, *followers = (submit_same() for _ in range(3))
    cancel(job=leader, actor="owner", now=clock())
    newer = submit_same()
    assert newer.leads
    join.resolve(leader.pk, now=clock())
    for one in (newer, *followers):
        run(one, clock)
    assert states(newer, *followers) == ["succeeded"] * 3


def test_ends_and_new_jobs_at_once_leave_nobody_behind(owner: AbstractUser, clock: Clock, broker: Any) -> None:
    """Leaders are run and cancelled while others join them; in the end each job is over and none waits for anybody."""
    bars = random_walk(120)
    crowd = 6
    together = Barrier(crowd)

    def one(n: int) -> None:
        together.wait(30)
        try:
            for turn in range(8):
                job = submit(
                    owner=owner, request=JobRequest(analyses=["rsi", f"sma({turn + 2})"], bars=bars), now=clock()
                )
                if n % 3 == 0 and turn % 2:
                    with suppress(NotCancellable):
                        cancel(job=job, actor="owner", now=clock())
                elif n % 3 == 1:
                    run(job, clock)
        finally:
            connection.close()

    with ThreadPoolExecutor(crowd) as threads:
        list(threads.map(one, range(crowd)))
    for _ in range(40):
        waiting = Chunk.objects.filter(state__in=[State.ACCEPTED, State.QUEUED]).select_related("job")
        if not waiting:
            break
        for chunk in waiting:
            run_chunk(chunk.pk, worker="w", clock=clock)
        sweep(now=clock.forward(20))
    assert set(Job.objects.values_list("state", flat=True)) <= {"succeeded", "cancelled"}
    assert Job.objects.count() == crowd * 8
    assert not Job.objects.filter(state=State.ACCEPTED).exists()
