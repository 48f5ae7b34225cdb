"""Stop a queue, or everything that writes, and let it go on. Rows wait: nothing is lost meanwhile."""

from datetime import datetime
from functools import partial

import structlog
from django.db import transaction

from jobs import dispatch, holds
from jobs.errors import QueueUnknown
from jobs.hold_rows import READ_ONLY
from jobs.models import Hold
from jobs.queries import holds as rows
from jobs.queues import CHUNK_QUEUES, MAINTENANCE

log = structlog.get_logger(__name__)


def pause(queue: str, *, by: str, reason: str = "", now: datetime) -> bool:
    """Let no chunk of a queue begin from now on; False when it is so already.

    What runs is finished. Jobs are accepted and wait; a message that a worker takes all the same leaves its chunk
    queued. Raises QueueUnknown.
    """
    return _hold(_known(queue), by, reason, now)


def resume(queue: str, *, by: str, now: datetime) -> bool:
    """Let a queue go on, and send what waits; False when it was not paused. Raises QueueUnknown."""
    return _release(_known(queue), by, now)


def begin_read_only(*, by: str, reason: str = "", now: datetime) -> bool:
    """Refuse everything that writes from now on; False when it is so already."""
    return _hold(READ_ONLY, by, reason, now)


def end_read_only(*, by: str, now: datetime) -> bool:
    """Let everything go on; False when it did."""
    return _release(READ_ONLY, by, now)


def hold(name: str, *, by: str, reason: str = "", now: datetime) -> bool:
    """Pause a queue, or begin to read only, by the name of the hold."""
    return (
        begin_read_only(by=by, reason=reason, now=now)
        if name == READ_ONLY
        else pause(name, by=by, reason=reason, now=now)
    )


def release(name: str, *, by: str, now: datetime) -> bool:
    """Undo hold()."""
    return end_read_only(by=by, now=now) if name == READ_ONLY else resume(name, by=by, now=now)


def _known(queue: str) -> str:
    if queue in CHUNK_QUEUES:
        return queue
    if queue == MAINTENANCE:
        detail = f"{MAINTENANCE} carries the system's own work and is never paused."
    else:
        detail = f"There is no queue {queue[:50]}."
    raise QueueUnknown(f"{detail} These can be: {', '.join(CHUNK_QUEUES)}.")


def _hold(name: str, by: str, reason: str, now: datetime) -> bool:
    begun = rows.add_hold(Hold(name=name, since=now, by=by[:200], reason=reason[:300]))
    transaction.on_commit(holds.forget)
    if begun:
        log.warning("hold_begun", hold=name, by=by, reason=reason)
    return begun


def _release(name: str, by: str, now: datetime) -> bool:
    with transaction.atomic():
        ended = rows.remove_hold(name)
        transaction.on_commit(holds.forget)
        for queue in CHUNK_QUEUES if name == READ_ONLY else (name,):
            transaction.on_commit(partial(dispatch.go_on, queue, now=now))
    if ended:
        log.warning("hold_ended", hold=name, by=by)
    return ended
