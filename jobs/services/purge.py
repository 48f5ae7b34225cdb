"""Archive jobs whose time is over, then delete them; a tombstone stays."""

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from operator import attrgetter
from pathlib import Path
from uuid import UUID

import structlog
from django.db import DatabaseError, connection, transaction

from jobs import archive, callbacks, raw_sets, storage_use
from jobs.errors import JobNotFound, NotDeletable
from jobs.models import Job, Tombstone
from jobs.queries import reads, removal
from jobs.retention import CLASSES
from jobs.selectors import deleted, describe
from jobs.states import TERMINAL
from notifications.services.forget import forget

log = structlog.get_logger(__name__)

# As many jobs, and about as many chunks, have one file: each costs the disk a flush.
ARCHIVED_TOGETHER = 400
# And as many are deleted in one transaction where the database has one writer: others wait for as long as that takes.
DELETED_TOGETHER_OF_ONE_WRITER = 40
SECONDS = 240.0
# As many in a row, and it is not the jobs.
FAILURES = 3


def purge_expired(*, now: datetime, seconds: float = SECONDS, timer: Callable[[], float] = time.monotonic) -> int:
    """Archive and delete jobs that have been over for longer than they are kept, and return how many there were.

    It goes on until there are none or its time is over.
    """
    end = timer() + seconds
    stuck: set[UUID] = set()
    purged = 0
    for jobs in _batches(now, stuck):
        done, failed = _purge_what_goes(jobs, now)
        purged += done
        stuck |= failed
        if len(failed) == len(jobs) or timer() >= end:
            break  # the next run tries again
    if purged:
        log.info("jobs_purged", count=purged)
    return purged


def delete(*, job: Job, now: datetime) -> None:
    """Archive and delete one job that is over; raise NotDeletable while it is under way.

    Of several at the same time one succeeds, and the others raise JobDeleted.
    """
    if job.state not in TERMINAL:
        raise NotDeletable(f"The job is {job.state}; cancel it first.")
    if not _purge([job], Path(f"{job.created_at:%Y/%m}/{job.pk}"), now):
        stone = reads.tombstone(job.pk)
        raise deleted(stone) if stone else JobNotFound("There is no such job.")


def _batches(now: datetime, stuck: set[UUID]) -> Iterator[list[Job]]:
    """Yield jobs to purge together until none is left, of every class in turns, without those that are stuck."""
    # By class, so that each is read off its index; together they would be found and sorted whole.
    classes = {name: kept for name, kept in CLASSES.items() if kept is not None}
    while classes:
        for name, kept in list(classes.items()):
            jobs = removal.expired(name, kept, now, ARCHIVED_TOGETHER, stuck)
            if jobs:
                yield next(_parts(jobs, ARCHIVED_TOGETHER))
            else:
                del classes[name]


def _parts(jobs: Sequence[Job], n: int) -> Iterator[list[Job]]:
    """Yield the jobs in parts of at most n jobs and chunks, each ordered by id; a large job is one by itself."""
    part: list[Job] = []
    chunks = 0
    for job in jobs:
        if part and (len(part) == n or chunks + job.chunk_count > n):
            yield sorted(part, key=attrgetter("pk"))
            part, chunks = [], 0
        part.append(job)
        chunks += job.chunk_count
    yield sorted(part, key=attrgetter("pk"))


def _purge_what_goes(jobs: Sequence[Job], now: datetime) -> tuple[int, set[UUID]]:
    """Purge jobs together, or each by itself where that fails; return how many were purged, and which were not."""
    place = Path(f"{now:%Y/%m/%d/%H%M%S}")
    try:
        return _purge(jobs, place, now), set()
    except (OSError, DatabaseError) as error:
        log.warning("jobs_not_purged_together", count=len(jobs), error=type(error).__name__)
    purged, failed = 0, set()
    for job in jobs:
        try:
            purged += _purge([job], place, now)
        except (OSError, DatabaseError):
            # A full disk or a lost connection: the job is still there, and the next run tries again.
            log.exception("job_not_purged", job_id=str(job.pk))
            failed.add(job.pk)
            if not purged and len(failed) == FAILURES:
                return 0, {job.pk for job in jobs}
    return purged, failed


def _purge(jobs: Sequence[Job], place: Path, now: datetime) -> int:
    """Archive and delete jobs that are over, ordered by their ids; return how many of them nobody else has.

    What is over never changes, so the archive is written before anything is locked. The lock decides whose is kept: the
    others find the jobs gone. A crash in between leaves the jobs, which are then archived again.
    """
    locks_rows = connection.features.has_select_for_update
    parts = _parts(jobs, ARCHIVED_TOGETHER if locks_rows else DELETED_TOGETHER_OF_ONE_WRITER)
    with archive.written(jobs, place) as made:
        purged = sum(_delete(part, made, now) for part in parts)
        made.is_needed = purged > 0
    return purged


def _delete(jobs: Sequence[Job], made: archive.Written, now: datetime) -> int:
    """Delete those of the jobs that are still there, in one transaction, and return how many."""
    # Before the transaction: on SQLite every other writer waits for what is done in it.
    written = raw_sets.prepared(_tombstone(job, made, now) for job in jobs)
    stones = {job.pk: stone for job, stone in zip(jobs, written, strict=True)}
    told = [job.pk for job in jobs if callbacks.callback_url(job)]
    with transaction.atomic():
        there = removal.still_there(stones)
        if there:
            removal.bury([stone for pk, stone in stones.items() if pk in there])
            blobs = removal.delete_jobs(there)
            if told:
                forget(callbacks.KIND, told)
            removal.delete_unused(blobs)
            storage_use.give_back(job for job in jobs if job.pk in there)
    return len(there)


def _tombstone(job: Job, made: archive.Written, now: datetime) -> Tombstone:
    shown = made.shown.get(job.pk) or describe(job)
    times = ("created_at", "started_at", "finished_at", "start_after", "deadline_at")
    return Tombstone(
        id=job.pk,
        owner_id=job.owner_id,
        fingerprint=job.fingerprint,
        summary=shown | {name: shown[name] and shown[name].isoformat() for name in times},
        deleted_at=now,
        **made.of(job),
    )
