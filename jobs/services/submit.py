"""Turn requests into jobs: their rows are the outbox, so an accepted job can no longer be lost."""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError

from analysis.fault_limits import take_room
from jobs.errors import IdempotencyMismatch, InvalidRequest
from jobs.models import Job
from jobs.queries import life
from jobs.read_once import ReadOnce
from jobs.requests import JobRequest
from jobs.services.admission import admit
from jobs.services.draft import draft
from jobs.services.store import store


def submit(
    *,
    owner: AbstractBaseUser,
    request: JobRequest,
    now: datetime,
    request_id: str = "",
    retry_of: Job | None = None,
    limited: bool = True,
    waited_for: bool = True,
) -> Job:
    """Store a job for this request and return it; on commit its first chunks go to the broker.

    The job is born `succeeded` when the same inputs, plan and sources have a stored result and the request allows
    reuse. Raises InvalidRequest with every fault, and what admit() raises unless it is not `limited`; nothing is
    stored then. Without `waited_for` it goes to a queue of work in the background.
    """
    made = draft(owner=owner, request=request, now=now, request_id=request_id, retry_of=retry_of, waited_for=waited_for)
    if limited:
        admit([made], now=now)
    store([made], now=now)
    return made.job


def submit_once(
    *,
    owner: AbstractBaseUser,
    key: str,
    body_hash: str,
    read: Callable[[], JobRequest],
    now: datetime,
    request_id: str = "",
) -> tuple[Job, bool]:
    """Return the owner's job of this idempotency key and whether it was there already.

    The first request with a key makes the job, every later one with the same body gets it, however many arrive at
    once. Raises IdempotencyMismatch for another body, and what submit() raises; a key whose request was refused is
    free again.
    """
    if (job := _replayed(owner, key, body_hash)) is not None:
        return job, True
    made = draft(owner=owner, request=read(), now=now, request_id=request_id)
    admit([made], now=now)
    made.job.idempotency_key, made.job.body_hash = key, body_hash
    try:
        store([made], now=now)
    except IntegrityError:
        # Another request with the key was first by a moment; only the unique key can be violated here.
        if (job := _replayed(owner, key, body_hash)) is not None:
            return job, True
        raise
    return made.job, False


def submit_many(
    *, owner: AbstractBaseUser, requests: Iterable[JobRequest | InvalidRequest], now: datetime, request_id: str = ""
) -> list[Job | InvalidRequest]:
    """Store a job for every request that can be one, all in one transaction; return its job or its faults in order.

    They go to the queues of work in the background.

    A request that was refused before is passed through, so that the places stay those of the caller's list; each is
    asked for when those before it have been looked at. What they have in common is found out once. Raises what admit()
    raises for all of them together.
    """
    outcomes: list[Job | InvalidRequest] = []
    drafts = []
    once = ReadOnce(owner)
    for request in requests:
        try:
            if isinstance(request, InvalidRequest):
                raise request
            made = draft(owner=owner, request=request, now=now, request_id=request_id, waited_for=False, once=once)
        except InvalidRequest as refused:
            take_room(len(refused.faults))
            outcomes.append(refused)
            continue
        drafts.append(made)
        outcomes.append(made.job)
    admit(drafts, now=now)
    store(drafts, now=now)
    return outcomes


def _replayed(owner: AbstractBaseUser, key: str, body_hash: str) -> Job | None:
    job = life.job_of_key(owner.pk, key)
    if job is not None and job.body_hash != body_hash:
        raise IdempotencyMismatch("This idempotency key was used with another body.")
    return job
