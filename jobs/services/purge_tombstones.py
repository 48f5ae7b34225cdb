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
    """Delete summaries and archives of jobs that were deleted ARCHIVE_DAYS ago, and return how many there were.

    It goes on until there are none or its time is over.
    """
    if not settings.ARCHIVE_DAYS:
        return 0
    before, end, purged = now - timedelta(days=settings.ARCHIVE_DAYS), time.monotonic() + seconds, 0
    try:
        while time.monotonic() < end and (stones := removal.old_tombstones(before, BATCH)):
            # Who shares a file was deleted at the same moment, so its time is over for all. Files go first: a crash in
            # between leaves rows, which the next run finds again.
            archive.remove({place for _, place in stones if place})
            removal.delete_tombstones([pk for pk, _ in stones])
            purged += len(stones)
    except (OSError, DatabaseError):
        log.exception("tombstones_not_purged")
    if purged:
        log.info("tombstones_purged", count=purged)
    return purged
