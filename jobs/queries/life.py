"""A job from its beginning to its deletion: what it may reuse, what becomes of its chunks, when its time is over."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet, Sum

from jobs.models import Blob, Chunk, Job, Tombstone, Transition
from jobs.queries.named import in_any, named
from jobs.retention import CLASSES
from jobs.states import TERMINAL, State

OPEN = tuple(state for state in State if state not in TERMINAL)


@named
def job_of_key(owner_id: int, key: str) -> Job | None:
    """Return the owner's job of an idempotency key."""
    return Job.objects.filter(owner_id=owner_id, idempotency_key=key).first()


@named
def open_count(owner_id: int) -> int:
    """Return how many jobs of an owner are not over."""
    return Job.objects.filter(owner_id=owner_id, state__in=OPEN).count()


@named
def reusable_jobs(owner_id: int, fingerprints: Collection[str]) -> "QuerySet[Job]":
    """Lock and return the owner's jobs whose stored results have these names, the newest last."""
    rows = Job.objects.filter(owner_id=owner_id, fingerprint__in=fingerprints, state=State.SUCCEEDED)
    return rows.exclude(fingerprint="").select_for_update(no_key=True).order_by("id")


@named
def is_stored(owner_id: int, fingerprint: str) -> bool:
    """Tell whether a job of the owner has a stored result of this name."""
    rows = Job.objects.filter(owner_id=owner_id, fingerprint=fingerprint, state=State.SUCCEEDED)
    return rows.exclude(fingerprint="").exists()


@named
def finished_since(queue: str, since: datetime) -> tuple[int, datetime | None]:
    """Return how many chunks of a queue have ended since then, and when the first of them was begun.

    They are found by their jobs, which are at work or have ended since as well: chunks have no index of their ends.
    """
    at_work = Q(state__in=[State.RUNNING, State.CANCELLING])
    recent = Q(retention__in=list(CLASSES), finished_at__gte=since) | at_work
    jobs = Job.objects.filter(recent, queue=queue).values("pk")
    rows = Chunk.objects.filter(queue=queue, finished_at__gte=since, job__in=jobs)
    found = rows.aggregate(count=Count("id"), first=Min("started_at"))
    return found["count"], found["first"]


@named
def waiting_chunks(job_id: UUID) -> "QuerySet[Chunk]":
    """Lock and return the job's chunks that no worker has begun."""
    rows = Chunk.objects.filter(job_id=job_id, state__in=[State.ACCEPTED, State.QUEUED])
    return rows.select_for_update().order_by("id")


@named
def job_locked(job_id: UUID) -> Job:
    """Lock and return a job."""
    return Job.objects.select_for_update().get(pk=job_id)


@named
def still_there(job_id: UUID) -> bool:
    """Lock a job and tell whether there is one: who deletes it at the same time has to wait."""
    return Job.objects.select_for_update().filter(pk=job_id).values_list("pk", flat=True).first() is not None


@named
def is_cancelling(job_id: UUID) -> bool:
    """Tell whether a job is being cancelled."""
    return Job.objects.filter(pk=job_id, state=State.CANCELLING).exists()


@named
def sums_of_chunks(job_id: UUID) -> list[dict[str, Any]]:
    """Return for each state that chunks of the job are in what is needed to end the job."""
    rows = Chunk.objects.filter(job_id=job_id).values("state")
    sums: Any = rows.annotate(
        n=Count("id"),
        ok=Sum("ok_count"),
        items=Sum("item_count"),
        odd=Count("id", filter=Q(reusable=False)),
        error=Max("error_code"),
    )
    return list(sums)


@named
def unsettled(limit: int) -> list[UUID]:
    """Return jobs that run although all their chunks are over."""
    unfinished = Chunk.objects.filter(in_any(State.ACCEPTED, State.QUEUED, State.RUNNING), job=OuterRef("pk"))
    over = Job.objects.filter(~Exists(unfinished), state__in=[State.RUNNING, State.CANCELLING])
    return list(over.values_list("pk", flat=True)[:limit])


@named
def overdue(now: datetime, limit: int) -> list[Job]:
    """Return jobs whose own deadline has passed and that nobody has cancelled yet."""
    rows = Job.objects.filter(deadline_at__lte=now, finished_at__isnull=True).exclude(state=State.CANCELLING)
    return list(rows[:limit])


@named
def expired(retention: str, kept: timedelta, now: datetime, limit: int) -> list[Job]:
    """Return jobs of a class of retention that have been over for longer than they are kept, the oldest first."""
    rows = Job.objects.filter(retention=retention, finished_at__lt=now - kept, state__in=TERMINAL)
    return list(rows.order_by("finished_at")[:limit])


@named
def blobs_of(job: Job) -> set[int | None]:
    """Return the blobs that a job refers to."""
    return {job.bars_blob_id, *Chunk.objects.filter(job=job).values_list("blob_id", flat=True)} - {None}


@named
def delete_job(job_id: UUID) -> None:
    """Delete a job with all that belongs to it but its blobs."""
    Job.objects.filter(pk=job_id).delete()


@named
def delete_unused(blobs: Iterable[int | None]) -> None:
    """Delete the blobs that nobody refers to any more: jobs that were answered from a stored result share them."""
    results = Chunk.objects.filter(blob=OuterRef("pk"))
    inputs = Job.objects.filter(bars_blob=OuterRef("pk"))
    Blob.objects.filter(~Exists(results), ~Exists(inputs), pk__in=[pk for pk in blobs if pk]).delete()


@named
def bury(job: Job, *, summary: dict[str, Any], archive: str, now: datetime) -> None:
    """Write what stays of a job."""
    facts = {"owner_id": job.owner_id, "fingerprint": job.fingerprint, "summary": summary, "archive": archive}
    Tombstone.objects.create(id=job.pk, deleted_at=now, **facts)


@named
def archived() -> "QuerySet[Tombstone, Any]":
    """Return ids and archives of the deleted jobs that have one."""
    return Tombstone.objects.exclude(archive="").order_by("id").values_list("id", "archive")


@named
def transitions_of(job: Job, fields: Sequence[str]) -> list[dict[str, Any]]:
    """Return these fields of a job's transitions, the oldest first."""
    rows: Any = Transition.objects.filter(job=job).order_by("id").values(*fields)
    return list(rows)
