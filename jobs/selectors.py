"""Reads: jobs as their owner sees them, and the figures that operations watch."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Count, Min, Q, QuerySet
from django.db.models.functions import Coalesce

from jobs.errors import JobDeleted, JobNotFound
from jobs.ids import first_id_at
from jobs.models import Chunk, Job, Tombstone
from jobs.queues import CHUNK_QUEUES
from jobs.raw_sql import find
from jobs.results import AllResults, ResultPage, read_all, read_result
from jobs.snapshots import of_job
from jobs.states import TERMINAL, State

__all__ = [
    "AllResults",
    "QueueFigure",
    "ResultPage",
    "count_by_state",
    "describe",
    "find_job",
    "jobs_of",
    "outbox_lag_seconds",
    "queue_figures",
    "read_all",
    "read_result",
    "success_shares",
    "visible",
]


def visible(owner: AbstractBaseUser) -> "QuerySet[Job]":
    """Return the jobs this user may see: one's own, and for staff everyone's."""
    return Job.objects.all() if getattr(owner, "is_staff", False) else Job.objects.filter(owner_id=owner.pk)


def find_job(*, owner: AbstractBaseUser, job_id: UUID | str) -> Job:
    """Return the job, or raise JobNotFound: also for somebody else's, and for an id that cannot be one.

    Raises JobDeleted for one that was.
    """
    try:
        pk = job_id if isinstance(job_id, UUID) else UUID(job_id)
    except ValueError:
        raise JobNotFound("There is no such job.") from None
    job = find(Job, {"pk": pk} if getattr(owner, "is_staff", False) else {"pk": pk, "owner_id": owner.pk})
    if job is None:
        stone = Tombstone.objects.filter(pk=pk).first()
        if stone is None or not (getattr(owner, "is_staff", False) or stone.owner_id == owner.pk):
            raise JobNotFound("There is no such job.")
        raise JobDeleted(f"The job was deleted at {stone.deleted_at:%Y-%m-%dT%H:%M:%SZ}.", stone.summary)
    return job


def jobs_of(
    owner: AbstractBaseUser,
    *,
    state: str | None = None,
    tag: str | None = None,
    symbol: str | None = None,
    idempotency_key: str | None = None,
    created_after: datetime | None = None,
    created_before: datetime | None = None,
) -> "QuerySet[Job]":
    """Return the visible jobs that these filters leave, in no order.

    `created_after` is inclusive, `created_before` is not; both as the ids have them, which are made a few
    milliseconds after the request has come.
    """
    jobs = visible(owner)
    if state is not None:
        jobs = jobs.filter(state=state)
    if tag is not None:
        jobs = jobs.filter(tag_rows__tag=tag)
    if symbol is not None:
        jobs = jobs.filter(symbol_rows__symbol=symbol)
    if idempotency_key is not None:
        jobs = jobs.filter(idempotency_key=idempotency_key)
    if created_after is not None:
        jobs = jobs.filter(pk__gte=first_id_at(created_after))
    if created_before is not None:
        jobs = jobs.filter(pk__lt=first_id_at(created_before))
    return jobs


def count_by_state(owner: AbstractBaseUser) -> dict[str, int]:
    """Return the number of visible jobs in every state, zeros included."""
    counted = dict(visible(owner).values_list("state").annotate(n=Count("id")).order_by())
    return {str(state): counted.get(state, 0) for state in State}


def describe(job: Job) -> dict[str, Any]:
    """Return a job for its owner, without links: state, progress, request and times."""
    progress = _progress(job)
    elapsed = ((job.finished_at or datetime.now(job.created_at.tzinfo)) - job.created_at).total_seconds()
    return {
        "id": str(job.pk),
        "state": str(job.state),
        "queue": job.queue,
        "analyses": job.plan,
        "timeframe": job.timeframe,
        "request": job.request,
        "reason": job.end_reason or None,
        "progress": progress,
        "tags": job.request.get("tags", []),
        "reused": job.reused,
        "retry_of": str(job.retry_of_id) if job.retry_of_id else None,
        "fingerprint": job.fingerprint or None,
        "engine": job.engine,
        "request_id": job.request_id or None,
        "retention": job.retention,
        "start_after": _moment(job.request.get("start_after")),
        "deadline_at": job.deadline_at,
        "created_at": job.created_at,
        "started_at": job.started_at,
        "finished_at": job.finished_at,
        "seconds": round(elapsed, 3),
    }


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _progress(job: Job) -> dict[str, Any]:
    """Return how many symbols are over, how many of them have no result, and when the others will be."""
    found = of_job(job)
    rate, eta = found.pace(datetime.now(job.created_at.tzinfo))
    progress = {"done": found.done, "total": found.total, "failed": found.failed, "chunks": job.chunk_count}
    return {**progress, "rate": rate, "eta_seconds": eta}


@dataclass(frozen=True, slots=True)
class QueueFigure:
    """depth: chunks accepted, queued or running; oldest: seconds the oldest unstarted chunk has waited."""

    depth: int
    oldest_age_seconds: float | None


def queue_figures(*, now: datetime) -> Mapping[str, QueueFigure]:
    """Return depth and oldest age of every chunk queue, from the rows (the broker holds only a window)."""
    # What was put off until later waits for its moment, not for a worker.
    due = Q(not_before__isnull=True) | Q(not_before__lte=now)
    unstarted = Q(state__in=[State.ACCEPTED, State.QUEUED]) & due
    rows = (
        Chunk.objects.filter(unstarted | Q(state=State.RUNNING))
        .values("queue")
        .annotate(depth=Count("id"), oldest=Min(Coalesce("not_before", "created_at"), filter=unstarted))
    )
    figures = dict.fromkeys(CHUNK_QUEUES, QueueFigure(0, None))
    for row in rows:
        age = (now - row["oldest"]).total_seconds() if row["oldest"] else None
        figures[row["queue"]] = QueueFigure(row["depth"], age)
    return figures


def outbox_lag_seconds(*, now: datetime) -> float:
    """Return for how long the oldest chunk that is meant to be in the broker has not been sent; 0 when all are."""
    oldest = Chunk.objects.filter(state=State.QUEUED, published_at__isnull=True).aggregate(at=Min("queued_at"))["at"]
    return (now - oldest).total_seconds() if oldest else 0.0


def success_shares(job_ids: Collection[UUID]) -> Mapping[UUID, float]:
    """Return, for those of the jobs that are over, which share of their symbols succeeded."""
    over = Job.objects.filter(pk__in=job_ids, state__in=TERMINAL, symbol_count__gt=0)
    return {pk: ok / total for pk, ok, total in over.values_list("pk", "ok_count", "symbol_count")}
