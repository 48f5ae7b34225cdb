"""Reads: jobs as their owner sees them, and the figures that operations watch."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser

from jobs import clock, holds, outcomes_asked, storage_use, waiting
from jobs.errors import JobDeleted, JobNotFound
from jobs.failures import failures_of
from jobs.hold_rows import READ_ONLY
from jobs.holds import Held
from jobs.kinds import Kind
from jobs.models import Job, Tombstone
from jobs.queries import backlog, counts, life, reads, removal
from jobs.queries.reads import jobs_of
from jobs.queues import CHUNK_QUEUES
from jobs.results import AllResults, ResultPage, is_large, read_all, read_result
from jobs.retention import CLASSES
from jobs.snapshots import of_job
from jobs.states import State
from jobs.storage_use import OwnersStorage

__all__ = [
    "AllResults",
    "QueueFigure",
    "ResultPage",
    "count_by_state",
    "deleted",
    "describe",
    "failures_of",
    "find_job",
    "is_large",
    "jobs_of",
    "outbox_lag_seconds",
    "queue_figures",
    "read_all",
    "read_result",
    "retention_lag_seconds",
    "storage_limit",
    "storage_of",
    "success_shares",
    "training_of",
]


def find_job(*, owner: AbstractBaseUser, job_id: UUID | str) -> Job:
    """Return the job, or raise JobNotFound: also for somebody else's, and for an id that cannot be one.

    Raises JobDeleted for one that was.
    """
    try:
        pk = job_id if isinstance(job_id, UUID) else UUID(job_id)
    except ValueError:
        raise JobNotFound("There is no such job.") from None
    job = reads.visible_job(owner, pk)
    if job is None:
        stone = reads.tombstone(pk)
        if stone is None or not (getattr(owner, "is_staff", False) or stone.owner_id == owner.pk):
            raise JobNotFound("There is no such job.")
        raise deleted(stone)
    return job


def deleted(stone: Tombstone) -> JobDeleted:
    """Return the error that tells what stays of a job."""
    return JobDeleted(f"The job was deleted at {stone.deleted_at:%Y-%m-%dT%H:%M:%SZ}.", stone.summary)


def count_by_state(owner: AbstractBaseUser | None) -> dict[str, int]:
    """Return the number of jobs in every state, zeros included: of those the user sees, or of all for None."""
    counted = counts.counts_of_states(owner)
    return {str(state): counted.get(state, 0) for state in State}


def describe(job: Job) -> dict[str, Any]:
    """Return a job for its owner, without links: state, progress, request and times."""
    progress = _progress(job)
    elapsed = ((job.finished_at or clock.now()) - job.created_at).total_seconds()
    return {
        "id": str(job.pk),
        "state": str(job.state),
        "kind": job.kind,
        "queue": job.queue,
        "analyses": outcomes_asked.named(job.plan, job.request.get("analyses", ())),
        "timeframe": job.timeframe,
        "request": job.request,
        "reason": job.end_reason or None,
        "waiting": waiting.why(job, now=clock.now()),
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


def training_of(job: Job) -> Mapping[str, Any] | None:
    """Return of a training how far it is and what it came to; None of other jobs, and of one that has not begun."""
    return life.progress_of_training(job.pk) if job.kind == Kind.TRAINING else None


def storage_of(owner: AbstractBaseUser) -> OwnersStorage:
    """Return what the jobs of this user take of the storage, and may take."""
    return storage_use.of_owner(owner.pk)


def storage_limit() -> int | None:
    """Return how many byte days the jobs of one user may take; None: any number."""
    return storage_use.limit()


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _progress(job: Job) -> dict[str, Any]:
    """Return how many symbols are over, how many of them have no result, and when the others will be."""
    found = of_job(job)
    rate, eta = found.pace(clock.now())
    progress = {"done": found.done, "total": found.total, "failed": found.failed, "chunks": job.chunk_count}
    return {**progress, "rate": rate, "eta_seconds": eta}


@dataclass(frozen=True, slots=True)
class QueueFigure:
    """depth: chunks accepted, queued or running; oldest: seconds the oldest unstarted chunk waits; held: by whom."""

    depth: int
    oldest_age_seconds: float | None
    held: Held | None = None


def queue_figures(*, now: datetime) -> Mapping[str, QueueFigure]:
    """Return depth, oldest age and pause of every chunk queue, from the rows (the broker holds only a window)."""
    held = holds.known()
    figures = {queue: QueueFigure(0, None, held.get(queue)) for queue in CHUNK_QUEUES}
    for queue, depth, oldest in reads.depths(now):
        age = (now - oldest).total_seconds() if oldest else None
        figures[queue] = QueueFigure(depth, age, held.get(queue))
    return figures


def outbox_lag_seconds(*, now: datetime) -> float:
    """Return for how long the oldest chunk that is meant to be in the broker has not been sent; 0 when all are.

    What a pause keeps from the broker is not meant to be there.
    """
    held = holds.known()
    oldest = None if READ_ONLY in held else backlog.oldest_unsent_at(list(held))
    return (now - oldest).total_seconds() if oldest else 0.0


def retention_lag_seconds(*, now: datetime) -> float:
    """Return for how long the job that is most overdue should have been deleted; 0 when none should."""
    kept = {name: time for name, time in CLASSES.items() if time is not None}
    ends = ((removal.first_end(name), time) for name, time in kept.items())
    return max((0.0, *((now - time - end).total_seconds() for end, time in ends if end is not None)))


def success_shares(job_ids: Collection[UUID]) -> Mapping[UUID, float]:
    """Return, for those of the jobs that are over, which share of their symbols succeeded."""
    return {pk: ok / total for pk, (ok, total) in reads.shares(job_ids).items()}
