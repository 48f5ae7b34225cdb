"""Why a job that was accepted has not begun, or does not go on."""

from datetime import datetime

from jobs import holds
from jobs.hold_rows import READ_ONLY
from jobs.models import Job
from jobs.states import State

QUEUE_PAUSED = "queue_paused"
START_AFTER = "start_after"
SAME_JOB = "same_job"
WORKER = "worker"

REASONS = (READ_ONLY, QUEUE_PAUSED, START_AFTER, SAME_JOB, WORKER)
NOT_BEGUN = (State.ACCEPTED, State.QUEUED)


def why(job: Job, *, now: datetime) -> str | None:
    """Return in a word what an open job waits for; None when it is over, or runs and nothing keeps it."""
    if job.state not in (*NOT_BEGUN, State.RUNNING):
        return None
    held = holds.known()
    if READ_ONLY in held:
        return READ_ONLY
    if job.queue in held:
        return QUEUE_PAUSED
    if job.state not in NOT_BEGUN:
        return None
    starts = job.request.get("start_after")
    if starts is not None and datetime.fromisoformat(starts) > now:
        return START_AFTER
    return SAME_JOB if job.waits_for is not None and job.state == State.ACCEPTED else WORKER
