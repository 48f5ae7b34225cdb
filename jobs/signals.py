"""What becomes of jobs, told once to those who want to know: after the commit, by the process that wrote it.

A transaction that is rolled back tells nothing, and who loses a race for a state has written none.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.dispatch import Signal

from jobs.kinds import Kind
from jobs.models import Chunk, Job
from jobs.states import TERMINAL


class JobFacts(NamedTuple):
    """A job as it was when it was told of; `seconds` are those from its first beginning to its end, None before."""

    job_id: UUID
    owner_id: int
    queue: str
    state: str
    reused: bool
    kind: str = Kind.ANALYSIS
    reason: str = ""
    seconds: float | None = None


class AttemptFacts(NamedTuple):
    """One attempt at a chunk as it was when its claim was won."""

    chunk_id: int
    attempt: int
    job_id: UUID
    position: int
    queue: str
    worker: str
    symbols: Sequence[str]
    request_id: str = ""
    traceparent: str = ""
    waited_since: datetime | None = None
    began_at: datetime | None = None


# Each is sent with `jobs`: a list of JobFacts. A receiver that fails is logged and disturbs nobody.
jobs_born = Signal()
jobs_ended = Signal()
# Each is sent with `attempt`: AttemptFacts; the second with `outcome` (as in jobs.reports; `lost` when the lease was),
# `code` (of jobs.end_reasons), `seconds` and `ok_count`. Who loses a claim sends neither.
attempt_began = Signal()
attempt_over = Signal()


def tell_born(jobs: Sequence[Job]) -> None:
    """Tell of new jobs, and of the end of those that are over already, once this transaction is committed."""
    _tell(jobs_born, jobs)
    tell_ended([job for job in jobs if job.state in TERMINAL])


def tell_ended(jobs: Sequence[Job]) -> None:
    """Tell that these jobs have reached a terminal state, once this transaction is committed."""
    _tell(jobs_ended, jobs)


def attempt_of(chunk: Chunk) -> AttemptFacts:
    """Return the facts of the attempt that the chunk is at."""
    # A first try has waited since it could begin, another since it was sent again.
    since = max(chunk.created_at, chunk.not_before or chunk.created_at)
    return AttemptFacts(
        chunk_id=chunk.pk,
        attempt=chunk.attempt,
        job_id=chunk.job_id,
        position=chunk.position,
        queue=chunk.queue,
        worker=chunk.worker,
        symbols=[symbol for symbol, *_ in chunk.items],
        request_id=chunk.job.request_id,
        traceparent=chunk.job.traceparent,
        waited_since=since if chunk.attempt == 1 else chunk.queued_at or since,
        began_at=chunk.started_at,
    )


def _tell(signal: Signal, jobs: Sequence[Job]) -> None:
    if jobs:
        facts = [_facts(job) for job in jobs]
        transaction.on_commit(partial(signal.send_robust, sender=Job, jobs=facts))


def _facts(job: Job) -> JobFacts:
    began, over = job.started_at, job.finished_at
    seconds = None if began is None or over is None else max(0.0, (over - began).total_seconds())
    state, kind = str(job.state), str(job.kind)
    return JobFacts(job.pk, job.owner_id, job.queue, state, job.reused, kind, job.end_reason, seconds)
