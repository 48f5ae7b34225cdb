"""A worker that is asked to take no more: it stops consuming, finishes what it has, and says when it is empty.

Its event loop asks the database itself, now and then, and leaves no connection open. A thread would be simpler, but
children are forked from this process: one that is forked while a thread connects has that thread's locks for ever.
"""

import time
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import structlog
from celery import bootsteps, current_app
from celery.worker import state
from django.db import Error, connection

from jobs import clock
from ops import drains

log = structlog.get_logger(__name__)

LOOK_SECONDS = 5.0
ACT_SECONDS = 1.0
# While the database is away each look may take its time to connect, in which the loop does nothing else.
AWAY_SECONDS = 30.0


class WorkerDrain(bootsteps.StartStopStep):
    """Look for a drain of this worker, asked for since it runs."""

    requires = ("celery.worker.components:Timer",)

    def __init__(self, worker: Any, **kwargs: Any) -> None:
        self._began = time.monotonic()
        self._next_look = 0.0
        self._since: datetime | None = None
        self._asked = False
        self._queues: list[str] | None = None
        self._is_empty = self._told = False

    def start(self, worker: Any) -> None:
        """Begin to look."""
        worker.timer.call_repeatedly(ACT_SECONDS, self._turn, (worker,))

    def stop(self, worker: Any) -> None:
        """Let a worker that ends take its drain with it."""
        if self._asked:
            with suppress(Error):
                drains.undo(worker.hostname)

    terminate = stop

    def _turn(self, worker: Any) -> None:
        if time.monotonic() >= self._next_look:
            self._next_look = time.monotonic() + (LOOK_SECONDS if self._look(worker.hostname) else AWAY_SECONDS)
        self._act(worker)

    def _look(self, name: str) -> bool:
        """Read what is asked for and write what is to be told; False while the database is away."""
        try:
            # By the database's clock, as who asks goes by it.
            self._since = self._since or clock.now() - timedelta(seconds=time.monotonic() - self._began)
            self._asked = drains.is_asked(name, self._since)
            if self._is_empty and not self._told:
                drains.tell_empty(name, clock.now())
                self._told = True
        except Error as error:
            log.warning("drain_unreadable", error=type(error).__name__)
            return False
        finally:
            connection.close()
        return True

    def _act(self, worker: Any) -> None:
        consumer = getattr(worker, "consumer", None)
        if consumer is None or consumer.task_consumer is None:
            return  # connecting
        if self._asked and self._queues is None:
            self._queues = sorted(queue.name for queue in consumer.task_consumer.queues)
            for queue in self._queues:
                consumer.cancel_task_queue(queue)
            log.warning("worker_drains", worker=worker.hostname, queues=self._queues)
        elif not self._asked and self._queues is not None:
            for queue in self._queues:
                consumer.add_task_queue(queue)
            log.warning("worker_takes_again", worker=worker.hostname, queues=self._queues)
            self._queues, self._is_empty, self._told = None, False, False
        if self._queues is not None and not self._is_empty and not (state.reserved_requests or state.active_requests):
            self._is_empty = True
            log.warning("worker_drained", worker=worker.hostname)


current_app.steps["worker"].add(WorkerDrain)
