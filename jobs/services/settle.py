"""End a job once all its chunks are over."""

from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, Sum

from jobs.models import Chunk, Job
from jobs.states import TERMINAL, State, settled
from jobs.transitions import move


def settle(job_id: UUID, *, actor: str, now: datetime) -> Job | None:
    """Move the job to the state its chunks imply; return it if this call ended it.

    Run after every chunk, so the last finisher sees all others; of several callers at most one wins.
    """
    job = Job.objects.get(pk=job_id)
    if job.state in TERMINAL:
        return None
    counts: dict[State, int] = {}
    ok_count = item_count = 0
    reusable = True
    rows = (
        Chunk.objects.filter(job_id=job_id)
        .values("state")
        .annotate(
            n=Count("id"),
            ok=Sum("ok_count"),
            items=Sum("item_count"),
            odd=Count("id", filter=Q(reusable=False)),
        )
    )
    for row in rows:
        counts[State(row["state"])] = row["n"]
        ok_count += row["ok"]
        item_count += row["items"]
        reusable = reusable and not row["odd"]
    failed_count = item_count - ok_count
    end = settled(State(job.state), counts, ok_count=ok_count, failed_count=failed_count)
    if end is None:
        return None
    fingerprint = job.fingerprint if reusable else ""
    won = move(
        job,
        end,
        actor=actor,
        now=now,
        finished_at=now,
        ok_count=ok_count,
        failed_count=failed_count,
        fingerprint=fingerprint,
    )
    return job if won else None
