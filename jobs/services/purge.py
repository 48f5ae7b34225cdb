"""Archive jobs whose time is over, then delete them; a tombstone stays."""

from datetime import datetime
from operator import attrgetter

import structlog
from django.db import DatabaseError, transaction

from jobs import archive, callbacks
from jobs.errors import JobNotFound, NotDeletable
from jobs.models import Job
from jobs.queries import life, reads
from jobs.retention import CLASSES
from jobs.selectors import deleted, describe
from jobs.states import TERMINAL
from notifications.services.forget import forget

log = structlog.get_logger(__name__)

BATCH = 200


def purge_expired(*, now: datetime) -> int:
    """Archive and delete jobs that have been over for longer than they are kept, and return how many there were."""
    # By class, so that each is read off its index; together they would be found and sorted whole.
    found = [job for name, kept in CLASSES.items() if kept is not None for job in life.expired(name, kept, now, BATCH)]
    jobs = sorted(found, key=attrgetter("finished_at"))[:BATCH]
    purged = 0
    for job in jobs:
        try:
            purged += _purge(job, now)
        except (OSError, DatabaseError):
            # A full disk or a lost connection: the job is still there, and the next run tries again.
            log.exception("job_not_purged", job_id=str(job.pk))
    if jobs:
        log.info("jobs_purged", count=purged)
    return purged


def delete(*, job: Job, now: datetime) -> None:
    """Archive and delete one job that is over; raise NotDeletable while it is under way.

    Of several at the same time one succeeds, and the others raise JobDeleted.
    """
    if job.state not in TERMINAL:
        raise NotDeletable(f"The job is {job.state}; cancel it first.")
    if not _purge(job, now):
        stone = reads.tombstone(job.pk)
        raise deleted(stone) if stone else JobNotFound("There is no such job.")


def _purge(job: Job, now: datetime) -> bool:
    """Archive and delete a job that is over; False when somebody else has.

    What is over never changes, so the archive is written before anything is locked. The lock decides whose is kept: the
    others find the job gone. A crash in between leaves the job, which is then archived again.
    """
    with archive.draft(job) as draft, transaction.atomic():
        if not life.still_there(job.pk):
            return False
        draft.keep()
        blobs = life.blobs_of(job)
        life.bury(job, summary=_summary(job), archive=draft.place, now=now)
        life.delete_job(job.pk)
        forget(callbacks.KIND, [job.pk])
        life.delete_unused(blobs)
    return True


def _summary(job: Job) -> dict[str, object]:
    shown = describe(job)
    times = ("created_at", "started_at", "finished_at", "start_after", "deadline_at")
    return shown | {name: shown[name] and shown[name].isoformat() for name in times}
