"""Jobs that wait for the result of an identical one, and what becomes of them when that one is over.

A follower is an accepted job whose chunks are put off. Who ends its leader resolves it; the sweep does where that
process has died; and where there is no sweep either, the chunks' time comes and they are computed like any others.
"""

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import takewhile
from typing import Any
from uuid import UUID

import structlog
from django.db import IntegrityError, transaction

from jobs import dispatch
from jobs.completion_listener import announce
from jobs.models import Chunk, Transition
from jobs.queries import joining, life, reads
from jobs.states import State
from jobs.transitions import move, record

log = structlog.get_logger(__name__)

ACTOR = "join"
# For so long a follower's chunks are put off at a time; the sweep prolongs it while the leader is under way.
PATIENCE = timedelta(minutes=10)
# A worker has its chunk's hard limit to keep, and the sweep has more to do; the next sweep goes on.
SECONDS = 10.0


def resolve(
    leader_id: UUID, *, now: datetime, seconds: float = SECONDS, timer: Callable[[], float] = time.monotonic
) -> int:
    """Give the followers of a leader that is over its result, or let them be computed; return how many there were.

    When the time is over, the others are left to the sweep.

    Of a leader that was cancelled, or is gone, one follower becomes the leader of the others. Where it failed, or its
    result is not the fingerprint's, each is computed by itself: one after the other, they could fail for as long as
    there are followers. Harmless at any time, from any process.
    """
    followers = joining.followers(leader_id)
    if not followers:
        return 0
    leader = reads.job_by_id(leader_id)
    if leader is not None and leader.state in joining.UNDER_WAY:
        return 0
    if leader is None or leader.state in (State.CANCELLING, State.CANCELLED):
        _promote(leader_id, followers, now)
    else:
        end = timer() + seconds
        # Lazily: each is looked at when its turn comes.
        in_time = takewhile(lambda _: timer() < end, followers)
        _release([pk for pk in in_time if not _answer(pk, leader_id, now)], now)
    log.info("followers_resolved", job_id=str(leader_id), count=len(followers), state=leader and str(leader.state))
    return len(followers)


def look_after(
    *, now: datetime, limit: int, seconds: float = SECONDS, timer: Callable[[], float] = time.monotonic
) -> int:
    """Resolve followers whose leader is over, as long as there is time, and let the others wait on.

    Returns how many had a leader that is over.
    """
    end = timer() + seconds
    leaders = joining.leaders_waited_for(limit)
    if leaders:
        with transaction.atomic():
            joining.put_off(leaders, until=now + PATIENCE, where_before=now + PATIENCE / 2)
    under_way = joining.under_way(leaders)
    resolved = 0
    for pk in leaders:
        left = end - timer()
        if left <= 0:
            break
        if pk not in under_way:
            resolved += resolve(pk, now=now, seconds=left, timer=timer)
    return resolved


def _answer(follower_id: UUID, leader_id: UUID, now: datetime) -> bool:
    """Let the follower take the leader's result; False if there is none for it."""
    transition_rows: list[Transition] = []
    reason = f"took the result of {leader_id}"
    with transaction.atomic():
        # Chunks before jobs, as everywhere; both jobs in the order in which a purge locks them.
        chunks = list(life.waiting_chunks(follower_id))
        jobs = {job.pk: job for job in joining.both_locked(follower_id, leader_id)}
        job, leader = jobs.get(follower_id), jobs.get(leader_id)
        if job is None or job.state != State.ACCEPTED or job.waits_for != leader_id:
            return True  # cancelled, or another has resolved it
        if leader is None or leader.state != State.SUCCEEDED or leader.fingerprint != job.fingerprint:
            return False
        results = list(reads.chunks_from(leader, 0))
        if [chunk.items for chunk in results] != [chunk.items for chunk in chunks]:
            return False
        for chunk, result in zip(chunks, results, strict=True):
            _take(chunk, result, now, reason, transition_rows)
        ended: dict[str, Any] = {"finished_at": now, "reused": True}
        ended |= {"ok_count": leader.ok_count, "failed_count": leader.failed_count}
        for state, also in ((State.RUNNING, {"started_at": now}), (State.SUCCEEDED, ended)):
            move(job, state, actor=ACTOR, now=now, reason=reason, transition_rows=transition_rows, **also)
        record(transition_rows)
        transaction.on_commit(partial(announce, job.pk))
    return True


def _take(chunk: Chunk, result: Chunk, now: datetime, reason: str, transition_rows: list[Transition]) -> None:
    claimed: dict[str, Any] = {"attempt": chunk.attempt + 1, "started_at": now, "lease_expires_at": now}
    ended: dict[str, Any] = {"finished_at": now, "blob_id": result.blob_id, "ok_count": result.ok_count}
    for state, also in ((State.RUNNING, claimed), (State.SUCCEEDED, ended)):
        move(chunk, state, actor=ACTOR, now=now, reason=reason, transition_rows=transition_rows, **also)


def _promote(leader_id: UUID, followers: Sequence[UUID], now: datetime) -> None:
    """Let the oldest follower be computed, for the others too."""
    first = followers[0]
    try:
        with transaction.atomic():
            chunks = list(life.waiting_chunks(first))
            won = joining.lead_instead(first, leader_id)
            if won:
                joining.put_on([chunk.pk for chunk in chunks])
                joining.follow_instead(leader_id, first)
    except IntegrityError:
        # Meanwhile a new job was submitted that leads; these are then computed beside it.
        _release(followers, now)
        return
    if won:
        _pump({chunk.queue for chunk in chunks}, now)
    else:
        resolve(leader_id, now=now)  # without the one that was cancelled, or that another process has taken


def _release(followers: Sequence[UUID], now: datetime) -> None:
    """Let followers be computed, each by itself."""
    if not followers:
        return
    with transaction.atomic():
        chunks = list(joining.chunks_put_off(followers))
        joining.put_on([chunk.pk for chunk in chunks])
        joining.follow_nobody(followers)
    _pump({chunk.queue for chunk in chunks}, now)


def _pump(queues: set[str], now: datetime) -> None:
    for queue in queues:
        dispatch.pump(queue, now=now)
