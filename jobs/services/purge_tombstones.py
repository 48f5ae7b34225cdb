"""What stays of deleted jobs has its time too: afterwards nothing tells that they were there."""

import time
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import DatabaseError

from jobs import archive
from jobs.queries import removal

log = structlog.get_logger(__name__)

BATCH = 1_000
SECONDS = 30.0


def purge_tombstones(*, now: datetime, seconds: float = SECONDS) -> int:
    """Delete what stays of jobs that were deleted long enough ago, and return how many there were.

    A summary alone stays for TOMBSTONE_DAYS. One with an archive, which nobody would find without it, stays as long as
    that: for ARCHIVE_DAYS. It goes on until there are none or its time is over.
    """
    end = time.monotonic() + seconds
    unarchived = _purge(now, settings.TOMBSTONE_DAYS, end, archived=False)
    return unarchived + _purge(now, settings.ARCHIVE_DAYS, end, archived=True)


def _purge(now: datetime, days: int, end: float, *, archived: bool) -> int:
    if not days:
        return 0
    before, purged = now - timedelta(days=days), 0
    try:
        while time.monotonic() < end and (stones := removal.old_tombstones(before, BATCH, archived=archived)):
            # Who shares a file was deleted at the same moment, so its time is over for all. Files go first: a crash in
            # between leaves rows, which the next run finds again.
            archive.remove({place for _, place in stones if place})
            removal.delete_tombstones([pk for pk, _ in stones])
            purged += len(stones)
    except (OSError, DatabaseError):
        log.exception("tombstones_not_purged")
    if purged:
        log.info("tombstones_purged", count=purged, archived=archived)
    return purged
