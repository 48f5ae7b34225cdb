"""A job from its beginning to its end: what it may reuse, and what becomes of its chunks."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet, Sum

from jobs.kinds import Kind
from jobs.models import Chunk, Job
from jobs.queries.joining import UNDER_WAY
from jobs.queries.named import by_index, in_any, named
from jobs.retention import CLASSES
from jobs.states import OPEN, State

# Plain SQL, for it is asked with every job; with its constants, or SQLite does not see that the partial indexes serve,
# and a plus, so that nobody takes that of an owner's jobs by state, of which there may be many.
_STORED = """
SELECT id FROM jobs_job {by_index}
WHERE +owner_id = %s AND fingerprint IN ({names}) AND state = 'succeeded' AND NOT (fingerprint = '')
"""
_LEADING = """
SELECT id FROM jobs_job {by_leads}
WHERE owner_id = %s AND fingerprint IN ({names}) AND leads AND state IN ('accepted', 'queued', 'running')
"""


@named
def job_of_key(owner_id: int, key: str) -> Job | None:
    """Return the owner's job of an idempotency key."""
    return Job.objects.filter(owner_id=owner_id, idempotency_key=key).first()


@named
def open_count(owner_id: int) -> int:
    """Return how many jobs of an owner are not over."""
    return Job.objects.filter(owner_id=owner_id, state__in=OPEN).count()


@named
def training_under_way(owner_id: int) -> UUID | None:
    """Return the owner's training that is not over."""
    rows = Job.objects.filter(owner_id=owner_id, kind=Kind.TRAINING, state__in=OPEN)
    return rows.values_list("pk", flat=True).first()


@named
def progress_of_training(job_id: UUID) -> Mapping[str, Any] | None:
    """Return what its only chunk has told of itself."""
    return Chunk.objects.filter(job_id=job_id).values_list("progress", flat=True).first()


@named
def reusable_jobs(owner_id: int, fingerprints: Collection[str]) -> "QuerySet[Job]":
    """Lock and return the owner's jobs whose results have these names, the newest last.

    They are stored, or are being computed by jobs that may be waited for.
    """
    names = list(fingerprints)
    sql = f"{_STORED} UNION ALL {_LEADING}".format(
        names=", ".join(["%s"] * len(names)),
        by_index=by_index("job_reusable"),
        by_leads=by_index("job_leads_once"),
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [owner_id, *names, owner_id, *names])
        found = [pk for (pk,) in cursor.fetchall()]
    rows = Job.objects.filter(Q(state=State.SUCCEEDED) | Q(leads=True, state__in=UNDER_WAY), pk__in=found)
    if not found:
        return rows.none()
    return rows.exclude(fingerprint="").select_for_update(no_key=True).order_by("id")


@named
def is_stored(owner_id: int, fingerprint: str) -> bool:
    """Tell whether a job of the owner has a stored result of this name."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"{_STORED} LIMIT 1".format(names="%s", by_index=by_index("job_reusable")), [owner_id, fingerprint]
        )
        return cursor.fetchone() is not None


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
