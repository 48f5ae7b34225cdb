"""What every task shares: a usable database connection and log context of its own. Celery never retries."""

import time
from datetime import datetime
from typing import Any

import structlog
from celery import Task
from celery.exceptions import Ignore
from celery.worker.request import Request
from django.db import close_old_connections

from jobs import clock, holds
from jobs.full_disk import is_full_disk
from jobs.queues import RUN_CHUNK_TASK
from tasks.worker.task_events import task_failed

log = structlog.get_logger(__name__)

# As long a worker takes nothing else when there was no room: what it computed meanwhile would be thrown away, too.
ROOM_SECONDS = 5.0


class UnjudgedRequest(Request):
    """A message whose time is judged by the task itself, which knows the database's; the consumer knows its own."""

    def maybe_expire(self) -> bool:
        """Say no."""
        return False


class PlainTask(Task):
    """A task that begins clean; what it does is one call into the domain."""

    abstract = True
    ignore_result = True
    send_events = False  # what Flower is told, tasks.worker.task_events tells
    max_retries = 0
    Request = UnjudgedRequest

    def on_failure(self, error: Exception, task_id: str, args: Any, kwargs: Any, trace: Any) -> None:
        """Tell Flower, and let a full disk have a moment; beat or the sweep send the task again."""
        task_failed(task_id, self.name, self.request.hostname or "", error, str(trace))
        if is_full_disk(error):
            wait_for_room()

    def before_start(self, task_id: str, args: Any, kwargs: Any) -> None:
        """Drop a database connection that has become unusable and bind the task to the log lines.

        What was to be over by now is left out: beat has sent it again. And while the system only reads, so is all that
        is not a chunk's, which sees to that itself.
        """
        close_old_connections()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(task=self.name, task_id=task_id)
        expires = self.request.expires
        if expires and clock.now() > datetime.fromisoformat(expires):
            raise Ignore
        if self.name != RUN_CHUNK_TASK and holds.is_read_only():
            raise Ignore


def wait_for_room() -> None:
    """Do nothing for a while."""
    log.warning("disk_full")
    time.sleep(ROOM_SECONDS)
