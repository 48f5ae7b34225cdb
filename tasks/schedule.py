"""What beat sends: fixed entries only. Scans have rows of their own, which the tick reads.

Each entry expires before the next is due, so that nothing piles up while the workers are away.
"""

import socket
import time
from contextlib import suppress
from datetime import timedelta
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import Error
from django_celery_beat.schedulers import DatabaseScheduler

from jobs import clock
from jobs.queues import MAINTENANCE, ML
from ops.heartbeats import announce, touch, withdraw
from tasks.worker.heartbeat import EVERY_SECONDS

HOST = socket.gethostname()


# Bars come once a day at most, and events change slowly.
SCORE_SECONDS, DRIFT_SECONDS = 900, 7 * 86_400


def _every(seconds: int, task: str, queue: str = MAINTENANCE) -> dict[str, Any]:
    return {
        "task": task,
        "schedule": timedelta(seconds=seconds),
        "options": {"queue": queue, "expires": seconds},
    }


SCHEDULE = {
    "call-back": _every(settings.DUE_SECONDS, "tasks.callbacks.call_back"),
    "drift": _every(DRIFT_SECONDS, "tasks.forecasts.drift", ML),
    "due": _every(settings.DUE_SECONDS, "tasks.maintenance.due"),
    "retire": _every(settings.RETIRE_SECONDS, "tasks.maintenance.retire"),
    "score": _every(SCORE_SECONDS, "tasks.forecasts.score", ML),
    "sweep": _every(settings.SWEEP_SECONDS, "tasks.maintenance.sweep"),
    "scans-tick": _every(settings.SCAN_TICK_SECONDS, "tasks.scans.tick"),
}

current_app.conf.beat_schedule = SCHEDULE


class Scheduler(DatabaseScheduler):
    """The database scheduler, leaving a sign of life at every tick."""

    announced_at = float("-inf")

    def tick(self, *args: Any, **kwargs: Any) -> Any:
        """Show a sign of life, then do what the scheduler does; return the seconds until the next tick."""
        touch("beat")
        if time.monotonic() - self.announced_at >= EVERY_SECONDS:
            announce("beat", HOST)
            self.announced_at = time.monotonic()
        with suppress(Error):  # the scheduler itself says that the database is away
            clock.shared.refresh()
        return super().tick(*args, **kwargs)

    def close(self) -> None:
        """Say that this beat has ended as it should."""
        super().close()
        withdraw("beat", HOST)
