"""Whether more work is let in: what one owner may have open and stored, and none while nobody works on what is queued.

The figures are read now and then, not for every request; a job that somebody has been promised is never refused later.
"""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from threading import Lock

from django.conf import settings

from jobs import holds, storage_use
from jobs.errors import Overloaded, StorageFull, TooManyOpenJobs
from jobs.queries import backlog, life
from jobs.services.draft import Draft

MOST_OWNERS = 10_000


class _Readings:
    """What was read last, and when."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.open_jobs: dict[int, tuple[float, int]] = {}
        self.byte_days: dict[int, tuple[float, int]] = {}
        self.queued_at: tuple[float, dict[str, datetime]] | None = None


_readings = _Readings()


def admit(drafts: Sequence[Draft], *, now: datetime) -> None:
    """Let these drafts of one owner in, or raise TooManyOpenJobs, StorageFull or Overloaded; nothing is stored then."""
    if not drafts:
        return
    _demand_progress({made.job.queue for made in drafts}, now)
    owner_id = drafts[0].job.owner_id
    limit = settings.OPEN_JOBS_PER_OWNER
    if limit and _read(_readings.open_jobs, owner_id, len(drafts), limit, life.open_count) + len(drafts) > limit:
        detail = f"You may have {limit:,} jobs that are not over; they and these {len(drafts):,} would be more."
        raise TooManyOpenJobs(detail if len(drafts) > 1 else f"You have {limit:,} jobs that are not over.")
    _demand_room(owner_id, drafts)


def forget() -> None:
    """Forget what was read, so that all is read again."""
    with _readings.lock:
        _readings.open_jobs.clear()
        _readings.byte_days.clear()
        _readings.queued_at = None


def _read(
    readings: dict[int, tuple[float, int]], owner_id: int, wanted: int, limit: int, read: Callable[[int], int]
) -> int:
    """Return about how much the owner has: read again when what was read is old, or near the limit."""
    moment = time.monotonic()
    with _readings.lock:
        read_at, known = readings.get(owner_id, (0.0, 0))
    if not read_at or moment - read_at >= settings.ADMISSION_SECONDS or known + wanted > limit:
        read_at, known = moment, read(owner_id)
    with _readings.lock:
        if len(readings) >= MOST_OWNERS:
            readings.clear()
        readings[owner_id] = (read_at, known + wanted)
    return known


def _demand_room(owner_id: int, drafts: Sequence[Draft]) -> None:
    """Raise StorageFull if the owner's jobs with these would take more storage than they may."""
    limit = storage_use.limit()
    if limit is None:
        return
    asked = sum(storage_use.byte_days(made.job.expected_bytes, made.job.retention) for made in drafts)
    used = _read(_readings.byte_days, owner_id, asked, limit, _byte_days)
    if used + asked > limit:
        kept, new, most = (f"{value / storage_use.GIGABYTE:,.3f}" for value in (used, asked, limit))
        detail = (
            f"Your jobs take {kept} GB days of storage (bytes, times the days that they are kept), this would add up "
            f"to {new}, and you may have {most}. Delete jobs, or ask for a shorter retention, fewer bars or analyses."
        )
        raise StorageFull(detail, used=used, asked=asked, limit=limit)


def _byte_days(owner_id: int) -> int:
    found = storage_use.of_owner(owner_id)
    return found.byte_days + found.expected_byte_days


def _demand_progress(queues: set[str], now: datetime) -> None:
    """Raise Overloaded if the oldest message of one of these queues has waited too long for a worker.

    What waits in a paused queue waits for staff, who want it to.
    """
    limit = settings.OVERLOADED_AFTER_SECONDS
    if not limit:
        return
    moment = time.monotonic()
    reading = _readings.queued_at
    if reading is None or moment - reading[0] >= settings.ADMISSION_SECONDS:
        reading = _readings.queued_at = moment, backlog.queued_since()
    wanted = queues - holds.known().keys()
    ages = Counter({queue: (now - at).total_seconds() for queue, at in reading[1].items() if queue in wanted})
    if ages and (worst := ages.most_common(1)[0])[1] > limit:
        raise Overloaded(f"What is queued for {worst[0]} has waited for {worst[1]:,.0f} s; come back later.")
