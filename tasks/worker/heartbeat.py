"""Signs of life of a worker: shown only while the process really turns over."""

import threading
import time
from typing import Any

from celery import bootsteps, current_app

from jobs.queues import QUEUES
from ops.heartbeats import announce, touch, withdraw

EVERY_SECONDS = 5.0
# The watcher may be telling a broker that does not answer.
JOIN_SECONDS = 2.0
# The event loop may stand still this long (a slow handshake, a suspended machine) before it counts as stuck.
STUCK_AFTER_SECONDS = 60.0


class WorkerHeartbeat(bootsteps.StartStopStep):
    """Touch the worker's file while its event loop turns, or while it waits for a broker that is away.

    A worker without broker must not be restarted for it: its children may still be finishing chunks.
    """

    requires = ("celery.worker.components:Timer",)

    def __init__(self, worker: Any, **kwargs: Any) -> None:
        self._looped = time.monotonic()
        self._over = threading.Event()

    def start(self, worker: Any) -> None:
        """Begin to watch the event loop."""
        worker.timer.call_repeatedly(EVERY_SECONDS, self._loop)
        self._watcher = threading.Thread(target=self._watch, args=(worker,), name="heartbeat", daemon=True)
        self._watcher.start()

    def stop(self, worker: Any) -> None:
        """End the watch, and say that this worker has ended as it should."""
        self._over.set()
        self._watcher.join(JOIN_SECONDS)
        withdraw("worker", worker.hostname, QUEUES)

    terminate = stop  # Celery asks this of a worker that does not end by itself

    def _loop(self) -> None:
        self._looped = time.monotonic()

    def _watch(self, worker: Any) -> None:
        while not self._over.is_set():
            connection = getattr(getattr(worker, "consumer", None), "connection", None)
            connected = connection is not None and connection.connected
            if not connected or time.monotonic() - self._looped < STUCK_AFTER_SECONDS:
                touch("worker")
                announce("worker", worker.hostname, _queues(worker))
            self._over.wait(EVERY_SECONDS)


def _queues(worker: Any) -> list[str]:
    """Return which queues the worker takes from at this moment."""
    consumer = getattr(getattr(worker, "consumer", None), "task_consumer", None)
    return [] if consumer is None else [queue.name for queue in consumer.queues]


current_app.steps["worker"].add(WorkerHeartbeat)
