"""Chunks on their way to a worker: what waits, what is in the broker, what runs, what was lost."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import chain, zip_longest
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Min, Q, QuerySet

from jobs.hold_rows import READ_ONLY
from jobs.kinds import Kind
from jobs.models import Chunk, Job
from jobs.queries.named import in_any, locked, named
from jobs.raw_sql import find
from jobs.states import OPEN, State

_NEEDED = ("id", "job_id", "state", "attempt")

# Plain SQL: it is asked with every chunk, twice, and building the queries took longer than answering them.
_BACKLOG = """
SELECT EXISTS (SELECT 1 FROM jobs_chunk WHERE queue = %s AND state = %s AND (not_before IS NULL OR not_before <= %s)),
       (SELECT COUNT(*) FROM jobs_chunk WHERE queue = %s AND state = %s),
       EXISTS (SELECT 1 FROM jobs_hold WHERE name IN (%s, %s))
"""


def due(now: datetime) -> Q:
    """Return the condition of chunks whose moment has come."""
    return Q(not_before__isnull=True) | Q(not_before__lte=now)


@named
def backlog(queue: str, now: datetime) -> tuple[bool, int, bool]:
    """Tell whether chunks of a queue wait that are due, how many are in the broker's window, and whether it is held."""
    accepted, queued = State.ACCEPTED.value, State.QUEUED.value
    with connection.cursor() as cursor:
        cursor.execute(_BACKLOG, [queue, accepted, now, queue, queued, queue, READ_ONLY])
        waits, count, held = cursor.fetchone()
    return bool(waits), int(count), bool(held)


@named
def queued_count(queue: str) -> int:
    """Return how many chunks of a queue are in the broker's window."""
    return Chunk.objects.filter(queue=queue, state=State.QUEUED).count()


@named
def unstarted_count(queue: str) -> int:
    """Return how many chunks of a queue no worker has begun."""
    return Chunk.objects.filter(in_any(State.ACCEPTED, State.QUEUED), queue=queue).count()


@named
def oldest_by_turns(queue: str, count: int, now: datetime) -> list[Chunk]:
    """Lock and return up to `count` accepted chunks that are due, one of each owner in turn."""
    rows = Chunk.objects.filter(due(now), queue=queue, state=State.ACCEPTED)
    per_owner = []
    # Hopping over the index from owner to owner: their number counts, not the backlog's.
    owner = rows.order_by("owner_id").values_list("owner_id", flat=True).first()
    while owner is not None:
        per_owner.append(list(locked(rows.filter(owner_id=owner).order_by("id").only(*_NEEDED))[:count]))
        beyond = rows.filter(owner_id__gt=owner).order_by("owner_id")
        owner = beyond.values_list("owner_id", flat=True).first()
    turns = chain.from_iterable(zip_longest(*per_owner))
    return [chunk for chunk in turns if chunk is not None][:count]


@named
def accepted_chunks(chunk_ids: Sequence[int]) -> "QuerySet[Chunk]":
    """Lock and return those of the chunks that are accepted."""
    return locked(Chunk.objects.filter(pk__in=chunk_ids, state=State.ACCEPTED).order_by("pk"))


@named
def accepted_jobs(job_ids: Sequence[UUID]) -> "QuerySet[Job]":
    """Lock and return those of the jobs that are accepted."""
    return locked(Job.objects.filter(pk__in=job_ids, state=State.ACCEPTED).order_by("pk"))


@named
def queues_with_due(now: datetime) -> list[str]:
    """Return the queues in which a chunk that was put off is due."""
    rows = Chunk.objects.filter(state=State.ACCEPTED, not_before__lte=now).values_list("queue", flat=True)
    return sorted(rows.distinct())


@named
def stamp_published(chunk_ids: Sequence[int], at: datetime | None) -> int:
    """Write down when these queued chunks were sent, or that they were not; return how many there were."""
    return Chunk.objects.filter(pk__in=chunk_ids, state=State.QUEUED).update(published_at=at)


@named
def queued_again(queue: str, now: datetime) -> int:
    """Let all that is queued have been queued just now; return how many chunks that are."""
    return Chunk.objects.filter(queue=queue, state=State.QUEUED).update(queued_at=now)


@named
def never_sent(queue: str, before: datetime, limit: int) -> list[int]:
    """Return queued chunks that were to be sent before this moment and have not been."""
    rows = Chunk.objects.filter(queue=queue, state=State.QUEUED, published_at__isnull=True, queued_at__lt=before)
    return list(rows.order_by("id").values_list("pk", flat=True)[:limit])


@named
def sent_long_ago(queue: str, before: datetime, limit: int) -> list[int]:
    """Return queued chunks that were sent before this moment."""
    rows = Chunk.objects.filter(queue=queue, state=State.QUEUED, published_at__lt=before)
    return list(rows.order_by("id").values_list("pk", flat=True)[:limit])


@named
def oldest_unsent_at(but: Collection[str] = ()) -> datetime | None:
    """Return since when the oldest chunk that is meant to be in the broker has not been sent, but of some queues."""
    rows = Chunk.objects.filter(state=State.QUEUED, published_at__isnull=True).exclude(queue__in=but)
    at: datetime | None = rows.aggregate(at=Min("queued_at"))["at"]
    return at


@named
def queued_since() -> dict[str, datetime]:
    """Return by queue since when its oldest queued chunk is in the broker."""
    oldest = Chunk.objects.filter(state=State.QUEUED).values_list("queue").annotate(at=Min("queued_at"))
    return dict(oldest.order_by())


@named
def expired_leases(now: datetime, limit: int) -> "QuerySet[Chunk]":
    """Return running chunks whose workers have gone silent, with their jobs, the longest silent first."""
    rows = Chunk.objects.filter(state=State.RUNNING, lease_expires_at__lt=now).select_related("job")
    return rows.order_by("lease_expires_at")[:limit]


@named
def chunk_to_run(chunk_id: int) -> Chunk | None:
    """Return the chunk with its job and the job's inline bars."""
    return find(Chunk, {"pk": chunk_id}, "job", "job__bars_blob")


@named
def trainings_among(chunk_ids: Sequence[int]) -> list[int]:
    """Return those of the chunks whose jobs train a model."""
    # Only jobs that are not over have chunks to send; there are few trainings among them, and an index of these.
    rows = Chunk.objects.filter(pk__in=chunk_ids, job__kind=Kind.TRAINING, job__state__in=OPEN)
    return list(rows.values_list("pk", flat=True))


@named
def note_progress(chunk: Chunk, progress: Mapping[str, Any]) -> bool:
    """Write down how far this attempt at a chunk is; False when it is another's by now."""
    mine = Chunk.objects.filter(pk=chunk.pk, attempt=chunk.attempt)
    return mine.update(progress=progress) == 1


@named
def renew_lease(chunk: Chunk, now: datetime) -> bool:
    """Prolong the lease; False when it is lost or the job is being cancelled."""
    mine = Chunk.objects.filter(pk=chunk.pk, state=State.RUNNING, attempt=chunk.attempt)
    expires = now + timedelta(seconds=settings.LEASE_SECONDS)
    return mine.exclude(job__state=State.CANCELLING).update(lease_expires_at=expires) == 1
