"""The task that runs one chunk, on whichever queue its job was given."""

from typing import Any

from celery import shared_task
from django.conf import settings

from jobs import clock
from jobs.queues import RUN_CHUNK_TASK
from jobs.reports import ChunkReport
from jobs.services import run_chunk as service
from ops import metrics
from tasks import callbacks
from tasks.base import PlainTask, wait_for_room


@shared_task(
    name=RUN_CHUNK_TASK,
    base=PlainTask,
    bind=True,
    time_limit=settings.CHUNK_HARD_LIMIT_SECONDS,
    acks_late=True,
)
def run_chunk(self: Any, chunk_id: int) -> None:
    """Run the chunk with this id and count what came of it."""
    report = service.run_chunk(chunk_id, worker=self.request.hostname or "", clock=clock.now)
    count(report)
    if report.disk_is_full:
        wait_for_room()
    if report.calls_back:
        callbacks.soon()


def count(report: ChunkReport) -> None:
    """Add one chunk's facts to the metrics."""
    if report.outcome == "lost":
        return
    metrics.chunk_runtime_seconds.labels(report.queue).observe(report.runtime_seconds)
    if report.wait_seconds is not None:
        metrics.job_wait_seconds.labels(report.queue).observe(report.wait_seconds)
    if report.prediction_seconds is not None:
        metrics.ml_prediction_duration_seconds.observe(report.prediction_seconds)
    if report.shadow_seconds is not None:
        metrics.shadow_duration_seconds.observe(report.shadow_seconds)
    for pattern, n in report.patterns.items():
        metrics.patterns_detected_total.labels(pattern).inc(n)
