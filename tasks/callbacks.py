"""The task that tells clients that their jobs are over."""

import structlog
from celery import shared_task

from jobs import clock
from jobs.dispatch import BROKER_ERRORS
from jobs.queues import MAINTENANCE
from notifications.services.send_due import send_due
from tasks.base import PlainTask

log = structlog.get_logger(__name__)


@shared_task(name="tasks.callbacks.call_back", base=PlainTask, time_limit=90)
def call_back() -> None:
    """Send the callbacks that are due."""
    send_due(clock=clock.now)


def soon() -> None:
    """Have the task run at once; should the broker be away, beat's next entry does."""
    try:
        call_back.apply_async(queue=MAINTENANCE, retry=False, ignore_result=True, expires=60)
    except BROKER_ERRORS as error:
        log.warning("callbacks_later", error=type(error).__name__)
