"""Whether more work is let in: an owner's limit of open jobs, and none while what is queued is not being worked on.

Both figures are read now and then, not for every request; a job that somebody has been promised is never refused later.
"""

import time
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from threading import Lock

from django.conf import settings

from jobs.errors import Overloaded, TooManyOpenJobs
from jobs.queries import backlog, life
from jobs.services.draft import Draft

MOST_OWNERS = 10_000


class _Readings:
    """What was read last, and when."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.open_jobs: dict[int, tuple[float, int]] = {}
        self.queued_at: tuple[float, dict[str, datetime]] | None = None


_readings = _Readings()


def admit(drafts: Sequence[Draft], *, now: datetime) -> None:
    """Let these drafts of one owner in, or raise TooManyOpenJobs or Overloaded; nothing is stored then."""
    if not drafts:
        return
    _demand_progress({made.job.queue for made in drafts}, now)
    limit = settings.OPEN_JOBS_PER_OWNER
    if limit and _open_jobs(drafts[0].job.owner_id, len(drafts), limit) + len(drafts) > limit:
        detail = f"You may have {limit:,} jobs that are not over; they and these {len(drafts):,} would be more."
        raise TooManyOpenJobs(detail if len(drafts) > 1 else f"You have {limit:,} jobs that are not over.")


def forget() -> None:
    """Forget what was read, so that all is read again."""
    with _readings.lock:
        _readings.open_jobs.clear()
        _readings.queued_at = None


def _open_jobs(owner_id: int, wanted: int, limit: int) -> int:
    """Return about how many open jobs the owner has: counted again when the last count is old, or near the limit."""
    moment = time.monotonic()
    with _readings.lock:
        read_at, known = _readings.open_jobs.get(owner_id, (0.0, 0))
    if not read_at or moment - read_at >= settings.ADMISSION_SECONDS or known + wanted > limit:
        read_at, known = moment, life.open_count(owner_id)
    with _readings.lock:
        if len(_readings.open_jobs) >= MOST_OWNERS:
            _readings.open_jobs.clear()
        _readings.open_jobs[owner_id] = (read_at, known + wanted)
    return known


def _demand_progress(queues: set[str], now: datetime) -> None:
    """Raise Overloaded if the oldest message of one of these queues has waited too long for a worker."""
    limit = settings.OVERLOADED_AFTER_SECONDS
    if not limit:
        return
    moment = time.monotonic()
    reading = _readings.queued_at
    if reading is None or moment - reading[0] >= settings.ADMISSION_SECONDS:
        reading = _readings.queued_at = moment, backlog.queued_since()
    ages = Counter({queue: (now - at).total_seconds() for queue, at in reading[1].items() if queue in queues})
    if ages and (worst := ages.most_common(1)[0])[1] > limit:
        raise Overloaded(f"What is queued for {worst[0]} has waited for {worst[1]:,.0f} s; come back later.")
