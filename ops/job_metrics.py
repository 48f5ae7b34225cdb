"""Jobs as metrics: counted where their rows are born and where they end, in whichever process that happens."""

from collections.abc import Sequence
from typing import Any

from jobs.signals import JobFacts, jobs_born, jobs_ended
from ops import metrics


def count_born(*, jobs: Sequence[JobFacts], **_: Any) -> None:
    """Count new jobs, and those of them that were answered from a stored result."""
    metrics.jobs_submitted_total.inc(len(jobs))
    metrics.cache_requests_total.labels("results").inc(len(jobs))
    metrics.cache_hits_total.labels("results").inc(sum(job.reused for job in jobs))


def count_ended(*, jobs: Sequence[JobFacts], **_: Any) -> None:
    """Count jobs that have reached a terminal state."""
    for job in jobs:
        metrics.jobs_finished_total.labels(job.state).inc()


def connect() -> None:
    """Count from now on; once, however often it is called."""
    jobs_born.connect(count_born, dispatch_uid="ops.job_metrics")
    jobs_ended.connect(count_ended, dispatch_uid="ops.job_metrics")
