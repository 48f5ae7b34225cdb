"""What a job would come to, without storing it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractBaseUser

from analysis import Plan
from jobs import holds, storage_use
from jobs.hold_rows import READ_ONLY
from jobs.models import Job
from jobs.queries import backlog, life
from jobs.requests import JobRequest
from jobs.services.draft import draft

# What a queue has lately got through is told from this much of its past.
LOOK_BACK = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a job comes to.

    `result_bytes` are those of its results before they are compressed, `byte_days` what it is counted as until it is
    over. `chunks_ahead` wait in the same queue; without any the wait is 0; without history, or in a
    paused queue, it is unknown.
    """

    job: Job
    bar_count: int
    cost_seconds: float
    result_bytes: int
    byte_days: int
    reusable: bool
    chunks_ahead: int
    wait_seconds: float | None


def estimate(*, owner: AbstractBaseUser, request: JobRequest, now: datetime, waited_for: bool = True) -> Estimate:
    """Return what the job would be, cost and wait for; raise InvalidRequest as submit() does. Nothing is stored."""
    made = draft(owner=owner, request=request, now=now, waited_for=waited_for)
    plan = Plan.stored(made.job.plan)
    items = [item for part in made.parts for item in part]
    reusable = request.reuse and bool(made.job.fingerprint) and life.is_stored(owner.pk, made.job.fingerprint)
    ahead = backlog.unstarted_count(made.job.queue)
    stands_still = not holds.known().keys().isdisjoint({made.job.queue, READ_ONLY})
    return Estimate(
        job=made.job,
        bar_count=sum(item.bar_count for item in items),
        cost_seconds=sum(plan.cost_us(item.bar_count) for item in items) / 1e6,
        result_bytes=made.result_bytes,
        byte_days=storage_use.byte_days(made.job.expected_bytes, made.job.retention),
        reusable=reusable,
        chunks_ahead=ahead,
        wait_seconds=0.0 if reusable else None if stands_still else _wait(made.job.queue, ahead, now),
    )


def _wait(queue: str, ahead: int, now: datetime) -> float | None:
    """Return the seconds that the chunks ahead take at the rate of the last minutes; None if none has finished."""
    if not ahead:
        return 0.0
    since = now - LOOK_BACK
    done, first = life.finished_since(queue, since)
    if not done or first is None:
        return None
    return round(ahead * (now - max(first, since)).total_seconds() / done, 1)
