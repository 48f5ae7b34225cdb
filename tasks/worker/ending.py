"""A worker that is told to end takes no more, finishes what it has and goes, within the soft shutdown's time.

By itself Celery sleeps for that whole time once anything runs, however soon it is done, and its event loop stands
still meanwhile: what is finished is not acknowledged and comes again, and a message on its way to a child is lost.
"""

import signal
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

import structlog
from celery import bootsteps, current_app
from celery.apps import worker as celery_worker
from celery.worker import state

log = structlog.get_logger(__name__)

LOOK_SECONDS = 0.25


class WorkerEnding(bootsteps.StartStopStep):
    """Handle SIGTERM where Celery was asked for a soft shutdown by it (REMAP_SIGTERM), as docker/start.sh does.

    Celery's own handler does the rest: when the time is over it cancels what still runs and hands it back.
    """

    requires = ("celery.worker.components:Timer",)

    def __init__(self, worker: Any, **kwargs: Any) -> None:
        self._told_at: float | None = None
        self._was_empty = False

    def start(self, worker: Any) -> None:
        """Take the signal over."""
        if celery_worker.REMAP_SIGTERM != "SIGQUIT":
            return
        self._celerys: Callable[[int, FrameType | None], Any] = signal.getsignal(signal.SIGTERM)  # type: ignore[assignment]
        signal.signal(signal.SIGTERM, lambda number, frame: self._tell(worker, number, frame))
        signal.signal(signal.SIGALRM, self._time_over)
        worker.timer.call_repeatedly(LOOK_SECONDS, self._look, (worker,))

    def _tell(self, worker: Any, number: int, frame: FrameType | None) -> None:
        """Begin to end; the event loop does it, for a signal comes in the middle of anything."""
        seconds = current_app.conf.worker_soft_shutdown_timeout
        # Without a broker the loop does not turn; and who says it twice does not want to wait.
        if seconds <= 0 or self._told_at is not None or _consumer(worker) is None:
            self._celerys(number, frame)
            return
        self._told_at = time.monotonic()
        signal.setitimer(signal.ITIMER_REAL, seconds)

    def _look(self, worker: Any) -> None:
        if self._told_at is None or (consumer := _consumer(worker)) is None:
            return
        if queues := [queue.name for queue in consumer.task_consumer.queues]:
            for queue in queues:
                consumer.cancel_task_queue(queue)
            log.info("worker_ends", queues=sorted(queues), messages=len(state.reserved_requests))
            return
        is_empty = not (state.reserved_requests or state.active_requests)
        # Once more round the loop, in which the last is acknowledged.
        if is_empty and self._was_empty:
            signal.setitimer(signal.ITIMER_REAL, 0)
            state.should_stop = 0
        self._was_empty = is_empty

    def _time_over(self, _number: int, frame: FrameType | None) -> None:
        log.warning("worker_time_over", messages=len(state.reserved_requests))
        current_app.conf.worker_soft_shutdown_timeout = 0  # it has been waited
        self._celerys(signal.SIGTERM, frame)


def _consumer(worker: Any) -> Any:
    """Return the consumer of messages while it has a connection."""
    consumer = getattr(worker, "consumer", None)
    return consumer if consumer is not None and consumer.task_consumer is not None else None


current_app.steps["worker"].add(WorkerEnding)
