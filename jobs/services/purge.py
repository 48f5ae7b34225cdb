"""Archive jobs whose time is over, then delete them; a tombstone stays."""

from collections.abc import Iterable
from datetime import datetime

import structlog
from django.db import DatabaseError, transaction
from django.db.models import Exists, OuterRef, Q

from jobs import archive, callbacks
from jobs.errors import NotDeletable
from jobs.models import Blob, Chunk, Job, Tombstone
from jobs.retention import CLASSES
from jobs.selectors import describe
from jobs.states import TERMINAL
from notifications.services.forget import forget

log = structlog.get_logger(__name__)

BATCH = 200


def purge_expired(*, now: datetime) -> int:
    """Archive and delete jobs that have been over for longer than they are kept, and return how many there were."""
    expired = Q(pk__in=[])
    for name, kept in CLASSES.items():
        if kept is not None:
            expired |= Q(retention=name, finished_at__lt=now - kept)
    jobs = list(Job.objects.filter(expired, state__in=TERMINAL).order_by("finished_at")[:BATCH])
    purged = 0
    for job in jobs:
        try:
            _purge(job, now)
        except (OSError, DatabaseError):
            # A full disk or a lost connection: the job is still there, and the next run tries again.
            log.exception("job_not_purged", job_id=str(job.pk))
        else:
            purged += 1
    if jobs:
        log.info("jobs_purged", count=purged)
    return purged


def delete(*, job: Job, now: datetime) -> None:
    """Archive and delete one job that is over; raise NotDeletable while it is under way."""
    if job.state not in TERMINAL:
        raise NotDeletable(f"The job is {job.state}; cancel it first.")
    _purge(job, now)


def _purge(job: Job, now: datetime) -> None:
    """Write the archive first: a crash in between leaves the job, whose archive is then written again."""
    place = archive.write(job)
    with transaction.atomic():
        blobs = {job.bars_blob_id, *Chunk.objects.filter(job=job).values_list("blob_id", flat=True)} - {None}
        _, created = Tombstone.objects.get_or_create(
            id=job.pk,
            defaults={
                "owner_id": job.owner_id,
                "fingerprint": job.fingerprint,
                "summary": _summary(job),
                "archive": place,
                "deleted_at": now,
            },
        )
        if not created:
            return  # somebody else was first
        Job.objects.filter(pk=job.pk).delete()
        forget(callbacks.KIND, [job.pk])
        _delete_unused(blobs)


def _summary(job: Job) -> dict[str, object]:
    shown = describe(job)
    times = ("created_at", "started_at", "finished_at", "start_after", "deadline_at")
    return shown | {name: shown[name] and shown[name].isoformat() for name in times}


def _delete_unused(blobs: Iterable[int | None]) -> None:
    """Delete the blobs that nobody refers to any more: jobs that were answered from a stored result share them."""
    results = Chunk.objects.filter(blob=OuterRef("pk"))
    inputs = Job.objects.filter(bars_blob=OuterRef("pk"))
    Blob.objects.filter(~Exists(results), ~Exists(inputs), pk__in=[pk for pk in blobs if pk]).delete()
