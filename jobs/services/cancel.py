"""Cancel a job: what has not begun is over at once, what runs stops at its next symbol."""

from datetime import datetime
from functools import partial

from django.db import transaction

from jobs.completion_listener import announce
from jobs.errors import NotCancellable
from jobs.models import Job
from jobs.queries import life
from jobs.services.join import resolve
from jobs.services.settle import settle
from jobs.states import TERMINAL, State
from jobs.transitions import move, move_many


def cancel(*, job: Job, actor: str, now: datetime, reason: str = "") -> Job:
    """Cancel the job and return it as it is then: `cancelled`, or `cancelling` while a chunk still runs.

    Finished parts stay readable; `reason`, a code of jobs.end_reasons, is kept with the job. Cancelling twice is the
    same as once; NotCancellable when the job is over.
    """
    if job.state in (State.CANCELLED, State.CANCELLING):
        return job
    with transaction.atomic():
        # Chunks before jobs, as everywhere, so that two transactions cannot wait for each other.
        waiting = list(life.waiting_chunks(job.pk))
        move_many(waiting, State.CANCELLED, actor=actor, now=now, reason=reason, finished_at=now)
        fresh = life.job_locked(job.pk)
        if fresh.state in (State.ACCEPTED, State.QUEUED):
            move(
                fresh,
                State.CANCELLED,
                actor=actor,
                now=now,
                reason=reason,
                end_reason=reason,
                finished_at=now,
                failed_count=fresh.symbol_count,
            )
            transaction.on_commit(partial(announce, fresh.pk))
        elif fresh.state == State.RUNNING:
            move(fresh, State.CANCELLING, actor=actor, now=now, reason=reason, end_reason=reason)
        elif fresh.state in TERMINAL - {State.CANCELLED}:
            raise NotCancellable(f"The job is over: {fresh.state}.")
        if fresh.leads:
            transaction.on_commit(partial(resolve, fresh.pk, now=now), robust=True)
    settle(job.pk, actor=actor, now=now)
    job.refresh_from_db()
    return job
