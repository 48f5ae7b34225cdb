"""Beat's tick for scheduled scans."""

from celery import shared_task
from django.utils import timezone

from ops import metrics
from scans.services import tick as service
from tasks.base import PlainTask


@shared_task(name="tasks.scans.tick", base=PlainTask, time_limit=120)
def tick() -> None:
    """Start every scan that is due."""
    runs = service.tick(now=timezone.now())
    metrics.jobs_submitted_total.inc(sum(run.job_id is not None for run in runs))
