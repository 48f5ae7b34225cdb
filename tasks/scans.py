"""Beat's tick for scheduled scans."""

from celery import shared_task

from jobs import clock
from scans.services import tick as service
from tasks.base import PlainTask


@shared_task(name="tasks.scans.tick", base=PlainTask, time_limit=120)
def tick() -> None:
    """Start every scan that is due."""
    service.tick(now=clock.now())
