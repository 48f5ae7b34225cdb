"""Make a new job of what failed: finished jobs never change."""

from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser

from jobs.errors import NotRetryable
from jobs.kinds import Kind
from jobs.models import Job
from jobs.queries import reads
from jobs.requests import NARROWED, JobRequest
from jobs.services.clone import overrides
from jobs.services.submit import submit
from jobs.services.submit_training import submit_training, training_request
from jobs.states import TERMINAL, State


def retry(*, job: Job, owner: AbstractBaseUser, now: datetime, request_id: str = "") -> Job:
    """Submit a new job of the symbols that have no result in this one, and return it.

    Raises NotRetryable while the job is under way or when nothing in it failed.
    """
    if job.state not in TERMINAL:
        raise NotRetryable(f"The job is not over yet: {job.state}.")
    symbols = missing_symbols(job)
    if not symbols:
        raise NotRetryable("Nothing in the job failed.")
    instead = overrides(job)
    if not job.is_inline:
        instead |= dict.fromkeys(NARROWED) | {"symbols": symbols}
    if job.kind == Kind.TRAINING:
        # A model of some of the series would be another one.
        return submit_training(owner=owner, request=training_request(job), now=now, request_id=request_id, retry_of=job)
    request = JobRequest.restored(job.request, **instead)
    return submit(owner=owner, request=request, now=now, request_id=request_id, retry_of=job)


def missing_symbols(job: Job) -> list[str]:
    """Return the symbols without a result, in the job's order."""
    missing: list[str] = []
    for chunk in reads.failures_of(job):
        symbols = [item[0] for item in chunk.items]
        if chunk.state == State.SUCCEEDED:
            failed = {failure["symbol"] for failure in chunk.failures}
            symbols = [symbol for symbol in symbols if symbol in failed]
        missing += symbols
    return missing
