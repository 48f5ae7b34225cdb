"""End a job once all its chunks are over."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction

from jobs.completion_listener import announce
from jobs.models import Job, Transition
from jobs.queries import life, reads
from jobs.services.join import resolve
from jobs.states import TERMINAL, State, settled
from jobs.transitions import move


def settle(job_id: UUID, *, actor: str, now: datetime) -> Job | None:
    """Move the job to the state its chunks imply; return it if this call ended it.

    Run after every chunk, so the last finisher sees all others; of several callers at most one wins.
    """
    job = reads.job_by_id(job_id)
    if job is None or job.state in TERMINAL:
        return None
    counts: dict[State, int] = {}
    ok_count = item_count = 0
    reusable = True
    error = ""
    for row in life.sums_of_chunks(job_id):
        counts[State(row["state"])] = row["n"]
        ok_count += row["ok"]
        item_count += row["items"]
        reusable = reusable and not row["odd"]
        error = max(error, row["error"])
    won = end(job, counts, ok_count, item_count - ok_count, reusable=reusable, error=error, actor=actor, now=now)
    return job if won else None


def end(
    job: Job,
    chunks: Mapping[State, int],
    ok_count: int,
    failed_count: int,
    *,
    reusable: bool,
    error: str,
    actor: str,
    now: datetime,
    transition_rows: list[Transition] | None = None,
    result_bytes: int | None = None,
) -> bool:
    """Move the job to the end that these chunks imply; False when there is none yet or another caller was first.

    `error` is a chunk's code, if any has one; a job that was cancelled keeps the reason of that.
    """
    state = settled(State(job.state), chunks, ok_count=ok_count, failed_count=failed_count)
    won = state is not None and move(
        job,
        state,
        actor=actor,
        now=now,
        transition_rows=transition_rows,
        result_bytes=result_bytes,
        finished_at=now,
        ok_count=ok_count,
        failed_count=failed_count,
        fingerprint=job.fingerprint if reusable else "",
        end_reason=job.end_reason or error,
    )
    if won:
        transaction.on_commit(partial(announce, job.pk))
        if job.leads:
            transaction.on_commit(partial(resolve, job.pk, now=now), robust=True)
    return won
