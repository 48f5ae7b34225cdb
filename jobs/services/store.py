"""Write drafts as rows, many in one transaction, and send what may be sent once they are committed."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction

from jobs import dispatch, inline_bars, rows, storage
from jobs.models import Chunk, Job, JobSymbol, JobTag
from jobs.services.draft import Draft
from jobs.states import State
from jobs.transitions import Birth, begin

ACTOR = "submit"


def store(drafts: Sequence[Draft], *, now: datetime) -> None:
    """Insert the drafts' jobs, each answered from a stored result, queued at once, or left to the pump.

    A job is queued in the transaction that accepts it when nobody waits in its queue and the broker's window has
    room: that is the way of the small jobs that somebody waits for.
    """
    if not drafts:
        return
    with transaction.atomic():
        twins = _twins(drafts)
        births: list[Birth] = []
        at_once: dict[str, list[Birth]] = defaultdict(list)
        waiting: dict[str, int] = defaultdict(int)
        room = {queue: dispatch.room(queue, now=now) for queue in {made.job.queue for made in drafts}}
        for made in drafts:
            twin = twins.get(made.job.fingerprint) if made.request.reuse else None
            if twin is not None:
                births.append(_answered(made.job, twin, now))
                continue
            if made.request.bars is not None:
                made.job.bars_blob = storage.write(inline_bars.pack(made.request.bars), now=now)
            queue = made.job.queue
            later = made.request.start_after is not None and made.request.start_after > now
            birth = _accepted(made, now, at_once=not later and room[queue] >= len(made.parts))
            births.append(birth)
            if later:
                continue
            if birth.via:
                room[queue] -= len(made.parts)
                at_once[queue].append(birth)
            else:
                room[queue] = 0
                waiting[queue] += len(made.parts)
        begin(births, actor=ACTOR, now=now)
        rows.insert(_tags(drafts))
        rows.insert(_symbols(drafts))
        for queue, sent in at_once.items():
            ids = [chunk.pk for birth in sent for chunk in birth.chunks]
            transaction.on_commit(partial(dispatch.send, queue, ids))
        for queue, count in waiting.items():
            transaction.on_commit(partial(dispatch.pump, queue, now=now, limit=count))


def _twins(drafts: Sequence[Draft]) -> dict[str, Job]:
    """Return by fingerprint the newest succeeded job of the owner, for the drafts that allow reuse."""
    wanted = {made.job.fingerprint for made in drafts if made.request.reuse} - {""}
    if not wanted:
        return {}
    owner_id = drafts[0].job.owner_id
    # Locked until the new job refers to its blobs, so that nobody deletes them in between.
    stored = Job.objects.select_for_update(no_key=True).filter(
        owner_id=owner_id, fingerprint__in=wanted, state=State.SUCCEEDED
    )
    return {job.fingerprint: job for job in stored.order_by("id")}


def _answered(job: Job, twin: Job, now: datetime) -> Birth:
    """Give the job the twin's stored answers: it is over before it began."""
    finished: dict[str, Any] = {"state": State.SUCCEEDED, "started_at": now, "finished_at": now}
    job.reused = True
    job.bars_blob_id = twin.bars_blob_id
    job.chunk_count, job.ok_count, job.failed_count = twin.chunk_count, twin.ok_count, twin.failed_count
    for name, value in finished.items():
        setattr(job, name, value)
    chunks = [
        _chunk(job, chunk.position, chunk.items, now, blob_id=chunk.blob_id, ok_count=chunk.ok_count, **finished)
        for chunk in twin.chunks.order_by("position")
    ]
    return Birth(job, chunks, reason=f"reused the result of {twin.pk}")


def _accepted(made: Draft, now: datetime, *, at_once: bool) -> Birth:
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
    return Birth(made.job, chunks, via=(State.ACCEPTED,) if at_once else ())


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
    return [JobTag(job=made.job, tag=tag) for made in drafts for tag in dict.fromkeys(made.request.tags)]


def _symbols(drafts: Sequence[Draft]) -> list[JobSymbol]:
    named = [made for made in drafts if made.request.bars is None or made.request.bars.symbol]
    return [JobSymbol(job=made.job, symbol=item.symbol) for made in named for part in made.parts for item in part]
