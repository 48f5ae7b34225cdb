"""What Flower is told of chunks: one life for each attempt whose claim was won, in Celery's words, in batches.

Celery's own events tell of messages. A chunk's message may come twice, or carry several chunks, and a task that failed
its chunk has ended well as a task. So those are off, and what became of an attempt is told here, by the process that
knows. Of beat's entries, thousands an hour, only those that fail are told. Nothing waits for it: a thread sends, and
what cannot be sent is forgotten.
"""

import os
import threading
import time
from collections import deque
from collections.abc import Sequence
from typing import Any

import structlog
from celery import current_app
from celery.events.event import Event, get_exchange
from celery.signals import worker_process_shutdown
from celery.utils.time import utcoffset
from django.dispatch import receiver

from jobs.dispatch import BROKER_ERRORS
from jobs.queues import RUN_CHUNK_TASK
from jobs.signals import AttemptFacts, attempt_began, attempt_over

log = structlog.get_logger(__name__)

# Others join what is to be sent for this long.
BATCH_SECONDS = 0.1
MOST_IN_A_MESSAGE = 200
# While the broker is away the oldest are forgotten.
MOST_WAITING = 10_000
SHOWN_SYMBOLS = 5
MOST_CHARACTERS = 500

OUTCOMES = {
    "succeeded": "task-succeeded",
    "failed": "task-failed",
    "released": "task-retried",
    "cancelled": "task-revoked",
    "lost": "task-failed",
}


def name_of(attempt: AttemptFacts) -> str:
    """Return the id under which Flower has the attempt."""
    return f"chunk-{attempt.chunk_id}-attempt-{attempt.attempt}"


def arguments_of(attempt: AttemptFacts) -> str:
    """Return job, position and the first symbols, as Flower shows and searches them."""
    shown = list(attempt.symbols[:SHOWN_SYMBOLS])
    if more := len(attempt.symbols) - len(shown):
        shown.append(f"and {more} more")
    return repr((str(attempt.job_id), attempt.position, ", ".join(shown)))


class Sender:
    """Events on their way out of this process."""

    def __init__(self) -> None:
        self._waiting: deque[Event] = deque(maxlen=MOST_WAITING)
        self._something = threading.Event()
        self._sending = threading.Lock()
        self._thread: threading.Thread | None = None
        self._pid = 0

    def add(self, kind: str, hostname: str, **fields: Any) -> None:
        """Have an event sent soon."""
        if not current_app.conf.worker_send_task_events:
            return
        clock = current_app.clock.forward()
        self._waiting.append(
            Event(kind, hostname=hostname, utcoffset=utcoffset(), pid=os.getpid(), clock=clock, **fields)
        )
        if self._pid != os.getpid():  # a thread stays behind when its process is forked
            self._pid = os.getpid()
            self._thread = threading.Thread(target=self._run, name="task-events", daemon=True)
            self._thread.start()
        self._something.set()

    def flush(self) -> None:
        """Send everything that waits."""
        with self._sending:
            while self._waiting:
                count = min(len(self._waiting), MOST_IN_A_MESSAGE)
                self._publish([self._waiting.popleft() for _ in range(count)])

    def _run(self) -> None:
        while True:
            self._something.wait()
            time.sleep(BATCH_SECONDS)
            self._something.clear()
            self.flush()

    def _publish(self, events: Sequence[Event]) -> None:
        try:
            with current_app.producer_pool.acquire(block=True, timeout=5) as producer:
                exchange = get_exchange(producer.connection, name=current_app.conf.event_exchange)
                producer.publish(
                    events,
                    routing_key="task.multi",
                    exchange=exchange.name,
                    declare=[exchange],
                    serializer=current_app.conf.event_serializer,
                    headers={"hostname": events[0]["hostname"]},
                    delivery_mode=1,
                    retry=False,
                )
        except BROKER_ERRORS as error:
            log.warning("events_forgotten", count=len(events), error=type(error).__name__)


sender = Sender()


@receiver(attempt_began)
def began(attempt: AttemptFacts, **_: Any) -> None:
    """Tell that a worker has won the claim."""
    told = {"uuid": name_of(attempt), "name": RUN_CHUNK_TASK}
    arguments = {"args": arguments_of(attempt), "kwargs": "{}", "retries": attempt.attempt - 1}
    sender.add("task-received", attempt.worker, **told, **arguments, routing_key=attempt.queue)
    sender.add("task-started", attempt.worker, **told)


@receiver(attempt_over)
def over(attempt: AttemptFacts, outcome: str, code: str, seconds: float, ok_count: int, **_: Any) -> None:
    """Tell what came of it."""
    told: dict[str, Any] = {"uuid": name_of(attempt), "name": RUN_CHUNK_TASK}
    if outcome == "succeeded":
        told |= {"result": f"{ok_count} of {len(attempt.symbols)} symbols", "runtime": seconds}
    elif outcome == "cancelled":
        told |= {"terminated": False, "signum": None, "expired": False}
    else:
        told |= {"exception": code, "traceback": ""}
    sender.add(OUTCOMES[outcome], attempt.worker, **told)


def task_failed(task_id: str, name: str, hostname: str, error: Exception, traceback: str) -> None:
    """Tell of a task of its own that failed: its whole life, which nobody has told of before."""
    told = {"uuid": task_id, "name": name}
    sender.add("task-received", hostname, **told, args="()", kwargs="{}", retries=0)
    sender.add("task-started", hostname, **told)
    sender.add("task-failed", hostname, **told, exception=repr(error)[:MOST_CHARACTERS], traceback=traceback)


@worker_process_shutdown.connect
def send_the_last(**_: Any) -> None:
    """Send what waits before this child ends."""
    sender.flush()
