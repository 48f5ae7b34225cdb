"""The worker's consumer: what Flower is told of tasks leaves in batches, and after the tasks themselves.

Celery sends the event that a task has come before it hands the task to a process, so that every task waits for a
message about itself, and sends three messages a task where one for many would do.
"""

import time
from typing import Any

from celery.worker.consumer import Consumer as CeleryConsumer

EVENTS_WAIT_SECONDS = 0.1


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
