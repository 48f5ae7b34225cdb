"""Write drafts as rows, many in one transaction, and send what may be sent once they are committed."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction

from jobs import dispatch, inline_bars, raw_sql, storage, storage_use
from jobs.models import Chunk, Job, JobSymbol, JobTag
from jobs.queries import life, reads
from jobs.services.draft import Draft
from jobs.states import State
from jobs.transitions import NewJob, insert_jobs

ACTOR = "submit"


def store(drafts: Sequence[Draft], *, now: datetime) -> None:
    """Insert the drafts' jobs, each answered from a stored result, queued at once, or left to the pump.

    A job is queued in the transaction that accepts it when nobody waits in its queue and the broker's window has
    room: that is the way of the small jobs that somebody waits for.
    """
    if not drafts:
        return
    with transaction.atomic():
        reusable_jobs = _reusable_jobs(drafts)
        new_jobs: list[NewJob] = []
        at_once: dict[str, list[NewJob]] = defaultdict(list)
        waiting: dict[str, int] = defaultdict(int)
        room = {queue: dispatch.room(queue, now=now) for queue in {made.job.queue for made in drafts}}
        for made in drafts:
            reusable = reusable_jobs.get(made.job.fingerprint) if made.request.reuse else None
            if reusable is not None:
                new_jobs.append(_answered(made.job, reusable, now))
                continue
            if made.request.bars is not None:
                made.job.bars_blob = storage.write(inline_bars.pack(made.request.bars), now=now)
            queue = made.job.queue
            later = made.request.start_after is not None and made.request.start_after > now
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


def _reusable_jobs(drafts: Sequence[Draft]) -> dict[str, Job]:
    """Return by fingerprint the newest succeeded job of the owner, for the drafts that allow reuse."""
    wanted = {made.job.fingerprint for made in drafts if made.request.reuse} - {""}
    if not wanted:
        return {}
    owner_id = drafts[0].job.owner_id
    # Locked until the new job refers to its blobs, so that nobody deletes them in between.
    return {job.fingerprint: job for job in life.reusable_jobs(owner_id, wanted)}


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
    chunks = [
        _chunk(made.job, position, [list(item[:4]) for item in part], now, **stamps)
        for position, part in enumerate(made.parts)
    ]
    return NewJob(made.job, chunks, via=(State.ACCEPTED,) if at_once else ())


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
