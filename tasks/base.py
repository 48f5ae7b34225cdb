"""What every task shares: a usable database connection and log context of its own. Celery never retries."""

from typing import Any

import structlog
from celery import Task
from django.db import close_old_connections


class PlainTask(Task):
    """A task that begins clean; what it does is one call into the domain."""

    abstract = True
    ignore_result = True
    max_retries = 0

    def before_start(self, task_id: str, args: Any, kwargs: Any) -> None:
        """Drop a database connection that has become unusable and bind the task to the log lines."""
        close_old_connections()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(task=self.name, task_id=task_id)
