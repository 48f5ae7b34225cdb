"""Make a new job with the request of another."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser

from jobs import inline_bars, storage
from jobs.kinds import Kind
from jobs.models import Job
from jobs.requests import JobRequest
from jobs.services.submit import submit
from jobs.services.submit_training import submit_training, training_request


def clone(*, job: Job, owner: AbstractBaseUser, now: datetime, request_id: str = "") -> Job:
    """Submit a new job with this one's request, never answered from a stored result, and return it."""
    if job.kind == Kind.TRAINING:
        return submit_training(owner=owner, request=training_request(job), now=now, request_id=request_id)
    request = JobRequest.restored(job.request, **overrides(job))
    return submit(owner=owner, request=request, now=now, request_id=request_id)


def overrides(job: Job) -> dict[str, Any]:
    """Return what a job's row does not say, for a new one that is computed: what came with its request, no reuse."""
    instead: dict[str, Any] = {"reuse": False}
    if job.bars_blob_id is not None:
        packed = storage.read(job.bars_blob_id)
        if job.is_inline:
            instead["bars"] = inline_bars.unpack(packed)
        if (benchmark := inline_bars.benchmark_in(packed)) is not None:
            instead["benchmark"] = benchmark
    return instead
