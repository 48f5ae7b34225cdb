"""Reads: how far jobs are, many in two queries."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from jobs.models import Job
from jobs.queries import reads
from jobs.states import TERMINAL, State


class Snapshot(NamedTuple):
    """A job at one moment; two that are equal tell a client the same. Counts are of symbols."""

    state: State
    done: int
    failed: int
    total: int
    reason: str
    started_at: datetime | None
    finished_at: datetime | None

    @property
    def is_over(self) -> bool:
        """Tell whether the job has ended."""
        return self.state in TERMINAL

    def pace(self, now: datetime) -> tuple[float | None, float | None]:
        """Return the symbols a second and the seconds left at this rate, each None where it cannot be told."""
        if self.state != State.RUNNING or not self.done or self.started_at is None:
            return None, None
        rate = round(self.done / max((now - self.started_at).total_seconds(), 0.001), 3)
        return rate, round((self.total - self.done) / rate, 1) if rate else None


def of_job(job: Job) -> Snapshot:
    """Return the snapshot of a job as its row was read."""
    return _snapshots([job])[job.pk]


def of_ids(job_ids: Collection[UUID]) -> Mapping[UUID, Snapshot]:
    """Return the snapshots of those of the jobs that there are."""
    return _snapshots(reads.progress_of(job_ids))


def _snapshots(jobs: list[Job]) -> dict[UUID, Snapshot]:
    under_way = [job.pk for job in jobs if job.state in (State.RUNNING, State.CANCELLING)]
    sums: dict[UUID, tuple[int, int]] = {}
    if under_way:
        sums = {pk: (items, items - ok) for pk, (items, ok) in reads.symbols_over(under_way).items()}
    return {job.pk: _snapshot(job, *sums.get(job.pk, (0, 0))) for job in jobs}


def _snapshot(job: Job, done: int, failed: int) -> Snapshot:
    if job.state in TERMINAL:
        done, failed = job.ok_count + job.failed_count, job.failed_count
    return Snapshot(State(job.state), done, failed, job.symbol_count, job.end_reason, job.started_at, job.finished_at)
