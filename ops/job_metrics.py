"""Jobs as metrics: counted where their rows are born and where they end, in whichever process that happens."""

from collections.abc import Sequence
from typing import Any

from jobs.end_reasons import NOT_MEASURABLE, TOO_FEW_EVENTS
from jobs.kinds import Kind
from jobs.signals import JobFacts, jobs_born, jobs_ended
from jobs.states import State
from ops import metrics

# The series' own data: nobody has to do anything about the system.
REFUSED = (TOO_FEW_EVENTS, NOT_MEASURABLE)


def count_born(*, jobs: Sequence[JobFacts], **_: Any) -> None:
    """Count new jobs, and those of them that were answered from a stored result."""
    metrics.jobs_submitted_total.inc(len(jobs))
    metrics.cache_requests_total.labels("results").inc(len(jobs))
    metrics.cache_hits_total.labels("results").inc(sum(job.reused for job in jobs))


def count_ended(*, jobs: Sequence[JobFacts], **_: Any) -> None:
    """Count jobs that have reached a terminal state."""
    for job in jobs:
        metrics.jobs_finished_total.labels(job.state).inc()
        if job.kind == Kind.TRAINING:
            _count_training(job)


def _count_training(job: JobFacts) -> None:
    metrics.trainings_finished_total.labels(_outcome(job)).inc()
    if job.seconds is not None:
        metrics.training_duration_seconds.observe(job.seconds)


def _outcome(job: JobFacts) -> str:
    """Return what a training came to, one of metrics.TRAINING_OUTCOMES."""
    if job.state in (State.SUCCEEDED, State.PARTIAL):
        return "model"
    if job.state == State.CANCELLED:
        return "cancelled"
    return "refused" if job.reason in REFUSED else "failed"


def connect() -> None:
    """Count from now on; once, however often it is called."""
    jobs_born.connect(count_born, dispatch_uid="ops.job_metrics")
    jobs_ended.connect(count_ended, dispatch_uid="ops.job_metrics")
