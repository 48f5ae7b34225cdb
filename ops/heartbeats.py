"""Signs of life of processes without a port: a file for the probe on their machine, a word to the broker for others."""

import time
from collections.abc import Collection
from contextlib import suppress

from django.conf import settings

from jobs.full_disk import is_full_disk
from ops import presence
from ops.redis_info import UNREACHABLE

KINDS = ("worker", "beat")


def touch(kind: str) -> None:
    """Set the modification time of the kind's file to now; a full disk may not have room for a new one."""
    try:
        settings.HEARTBEAT_DIR.mkdir(parents=True, exist_ok=True)
        (settings.HEARTBEAT_DIR / kind).touch()
    except OSError as error:
        if not is_full_disk(error):
            raise


def age_seconds(kind: str) -> float | None:
    """Return how long ago the process touched its file, or None when there is no file."""
    try:
        touched_at: float = (settings.HEARTBEAT_DIR / kind).stat().st_mtime
    except OSError:
        return None
    return max(0.0, time.time() - touched_at)


def announce(kind: str, name: str, queues: Collection[str] = ()) -> None:
    """Say in the broker that a process lives and takes from these queues; one that is away is told the next time."""
    with suppress(*UNREACHABLE):
        presence.announce(settings.BROKER_URL, kind, name, queues)


def withdraw(kind: str, name: str, queues: Collection[str] = ()) -> None:
    """Take back in the broker what announce() said, as far as it can be told."""
    with suppress(*UNREACHABLE):
        presence.withdraw(settings.BROKER_URL, kind, name, queues)


def announced(kind: str) -> dict[str, float]:
    """Return by name how many seconds ago processes announced themselves; nothing while the broker is away."""
    try:
        return presence.ages(settings.BROKER_URL, kind)
    except UNREACHABLE:
        return {}
