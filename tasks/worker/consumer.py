"""The worker's consumer: what Flower is told of tasks leaves in batches, and a broker that refuses is waited out.

Celery sends the event that a task has come before it hands the task to a process, so that every task waits for a
message about itself, and sends three messages a task where one for many would do.
"""

import time
from typing import Any

import redis
from celery.worker.consumer import Consumer as CeleryConsumer

from tasks.worker.broker_keys import put_wrong_kinds_aside

EVENTS_WAIT_SECONDS = 0.1
REFUSED_SECONDS = 1.0


class Consumer(CeleryConsumer):
    """Celery's consumer, whose events of tasks wait for others for a moment."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._flush_at = 0.0
        super().__init__(*args, **kwargs)

    def on_send_event_buffered(self) -> None:
        """Have what is buffered sent soon, once.

        A loss of the connection may clear the timer; the first event after that moment sets it again.
        """
        now = time.monotonic()
        if self.hub and now >= self._flush_at:
            self._flush_at = now + EVENTS_WAIT_SECONDS
            self.hub.call_later(EVENTS_WAIT_SECONDS, self._flush_events)

    def on_connection_error_before_connected(self, exc: Exception) -> None:
        """Say so, and let a broker that answers and refuses have a moment."""
        super().on_connection_error_before_connected(exc)
        _wait_out(exc)

    def on_connection_error_after_connected(self, exc: Exception) -> None:
        """Say so, and let a broker that answers and refuses have a moment."""
        super().on_connection_error_after_connected(exc)
        _wait_out(exc)


def _wait_out(error: Exception) -> None:
    """Wait for what passes (a replica after a failover, a full disk or memory), and mend what would not pass."""
    if isinstance(error, redis.ResponseError):
        if "WRONGTYPE" in str(error):
            put_wrong_kinds_aside()
        time.sleep(REFUSED_SECONDS)
