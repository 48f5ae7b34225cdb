"""Write drafts as rows, many in one transaction, and send what may be sent once they are committed."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction

from analysis import Bars
from jobs import dispatch, inline_bars, raw_sql, storage, storage_use
from jobs.models import Chunk, Job, JobSymbol, JobTag
from jobs.queries import life, reads
from jobs.requests import JobRequest
from jobs.services.draft import Draft
from jobs.services.join import PATIENCE
from jobs.states import State
from jobs.transitions import NewJob, insert_jobs

ACTOR = "submit"
# Of a draft that begins the same work as another in the same moment; the second time it finds the other.
TRIES = 3


def store(drafts: Sequence[Draft], *, now: datetime) -> None:
    """Insert the drafts' jobs: answered from a stored result, joined to one at work, queued at once, or for the pump.

    A job is queued in the transaction that accepts it when nobody waits in its queue and the broker's window has
    room: that is the way of the small jobs that somebody waits for.
    """
    for tries_left in reversed(range(TRIES)):
        try:
            _store(drafts, now)
            return
        except IntegrityError:
            # Another request has begun the same work in the same moment: it is found now. Or it has the same key.
            if not tries_left:
                raise
            for made in drafts:
                _as_drafted(made)


def _store(drafts: Sequence[Draft], now: datetime) -> None:
    if not drafts:
        return
    with transaction.atomic():
        known = _Known(drafts)
        new_jobs: list[NewJob] = []
        at_once: dict[str, list[NewJob]] = defaultdict(list)
        waiting: dict[str, int] = defaultdict(int)
        room = {queue: dispatch.room(queue, now=now) for queue in {made.job.queue for made in drafts}}
        for made in drafts:
            later = made.request.start_after is not None and made.request.start_after > now
            same = known.same_as(made, later=later)
            if same is not None:
                answered = same.state == State.SUCCEEDED
                new_jobs.append(_answered(made.job, same, now) if answered else _joined(made, same, now))
                continue
            packed = inline_bars.pack(made.request.bars, _inline_benchmark(made.request))
            if packed:
                made.job.bars_blob = storage.write(packed, now=now)
            queue = made.job.queue
            new = _accepted(made, now, at_once=not later and room[queue] >= len(made.parts))
            new_jobs.append(new)
            if later:
                continue
            if new.via:
                room[queue] -= len(made.parts)
                at_once[queue].append(new)
            else:
                room[queue] = 0
                waiting[queue] += len(made.parts)
        insert_jobs(new_jobs, actor=ACTOR, now=now)
        raw_sql.insert(_tags(drafts))
        raw_sql.insert(_symbols(drafts))
        for queue, sent in at_once.items():
            ids = [chunk.pk for new in sent for chunk in new.chunks]
            transaction.on_commit(partial(dispatch.send, queue, ids))
        for queue, count in waiting.items():
            transaction.on_commit(partial(dispatch.pump, queue, now=now, limit=count))


def _inline_benchmark(request: JobRequest) -> Bars | None:
    return request.benchmark if isinstance(request.benchmark, Bars) else None


class _Known:
    """The owner's jobs with the fingerprints of some drafts: succeeded ones, and those at work that may be joined."""

    def __init__(self, drafts: Sequence[Draft]) -> None:
        wanted = {made.job.fingerprint for made in drafts if made.request.reuse} - {""}
        self._stored: dict[str, Job] = {}
        self._leaders: dict[tuple[str, str], Job] = {}
        self._running: dict[str, Job] = {}
        # Locked until the new jobs are stored, so that nobody deletes a result or ends a leader in between.
        for job in life.reusable_jobs(drafts[0].job.owner_id, wanted) if wanted else ():
            if job.state == State.SUCCEEDED:
                self._stored[job.fingerprint] = job
            else:
                self._leaders[job.fingerprint, job.queue] = job
                if job.state == State.RUNNING:
                    self._running[job.fingerprint] = job

    def same_as(self, made: Draft, *, later: bool) -> Job | None:
        """Return the job that has the draft's result or will have it; else let the draft lead, if it may.

        Nobody waits for what waits itself: for its moment, or in another queue.
        """
        job = made.job
        if not made.request.reuse or not job.fingerprint:
            return None
        if (stored := self._stored.get(job.fingerprint)) is not None:
            return stored
        if later:
            return None
        place = job.fingerprint, job.queue
        leader = self._leaders.get(place) or self._running.get(job.fingerprint)
        if leader is None:
            job.leads = True
            self._leaders[place] = job
        return leader


def _as_drafted(made: Draft) -> None:
    """Undo what a try to store it has made of a draft's job."""
    job = made.job
    job.state, job.chunk_count, job.ok_count, job.failed_count = State.ACCEPTED, len(made.parts), 0, 0
    job.reused, job.leads, job.waits_for, job.bars_blob = False, False, None, None
    job.started_at = job.finished_at = None


def _joined(made: Draft, leader: Job, now: datetime) -> NewJob:
    """Let the job wait for the leader's result; jobs.services.join sees to the rest."""
    made.job.waits_for = leader.pk
    made.job.bars_blob_id = leader.bars_blob_id
    return NewJob(made.job, _chunks(made, now, not_before=now + PATIENCE), reason=f"waits for {leader.pk}")


def _answered(job: Job, reusable: Job, now: datetime) -> NewJob:
    """Give the job the reusable's stored answers: it is over before it began."""
    finished: dict[str, Any] = {"state": State.SUCCEEDED, "started_at": now, "finished_at": now}
    job.reused = True
    job.stored_bytes = storage_use.shared(reusable)
    job.bars_blob_id = reusable.bars_blob_id
    job.chunk_count, job.ok_count, job.failed_count = reusable.chunk_count, reusable.ok_count, reusable.failed_count
    for name, value in finished.items():
        setattr(job, name, value)
    chunks = [
        _chunk(job, chunk.position, chunk.items, now, blob_id=chunk.blob_id, ok_count=chunk.ok_count, **finished)
        for chunk in reads.chunks_from(reusable, 0)
    ]
    return NewJob(job, chunks, reason=f"reused the result of {reusable.pk}")


def _accepted(made: Draft, now: datetime, *, at_once: bool) -> NewJob:
    stamps: dict[str, Any] = {}
    if at_once:
        made.job.state = State.QUEUED
        stamps = {"state": State.QUEUED, "queued_at": now, "published_at": now}
    elif made.request.start_after is not None:
        stamps = {"not_before": made.request.start_after}
    return NewJob(made.job, _chunks(made, now, **stamps), via=(State.ACCEPTED,) if at_once else ())


def _chunks(made: Draft, now: datetime, **also: Any) -> list[Chunk]:
    return [
        _chunk(made.job, position, [list(item[:4]) for item in part], now, **also)
        for position, part in enumerate(made.parts)
    ]


def _chunk(job: Job, position: int, items: list[Any], now: datetime, **also: Any) -> Chunk:
    return Chunk(
        job=job,
        owner_id=job.owner_id,
        position=position,
        queue=job.queue,
        items=items,
        item_count=len(items),
        created_at=now,
        **also,
    )


def _tags(drafts: Sequence[Draft]) -> list[JobTag]:
    return [
        JobTag(job=made.job, tag=tag, owner_id=made.job.owner_id)
        for made in drafts
        for tag in dict.fromkeys(made.request.tags)
    ]


def _symbols(drafts: Sequence[Draft]) -> list[JobSymbol]:
    named = [made for made in drafts if made.request.bars is None or made.request.bars.symbol]
    return [
        JobSymbol(job=made.job, symbol=item.symbol, owner_id=made.job.owner_id)
        for made in named
        for part in made.parts
        for item in part
    ]
