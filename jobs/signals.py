"""What becomes of jobs, told once to those who want to know: after the commit, by the process that wrote it.

A transaction that is rolled back tells nothing, and who loses a race for a state has written none.
"""

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.dispatch import Signal

from jobs.models import Job
from jobs.states import TERMINAL


class JobFacts(NamedTuple):
    """A job as it was when it was told of."""

    job_id: UUID
    owner_id: int
    queue: str
    state: str
    reused: bool


# Each is sent with `jobs`: a list of JobFacts. A receiver that fails is logged and disturbs nobody.
jobs_born = Signal()
jobs_ended = Signal()


def tell_born(jobs: Sequence[Job]) -> None:
    """Tell of new jobs, and of the end of those that are over already, once this transaction is committed."""
    _tell(jobs_born, jobs)
    tell_ended([job for job in jobs if job.state in TERMINAL])


def tell_ended(jobs: Sequence[Job]) -> None:
    """Tell that these jobs have reached a terminal state, once this transaction is committed."""
    _tell(jobs_ended, jobs)


def _tell(signal: Signal, jobs: Sequence[Job]) -> None:
    if jobs:
        facts = [JobFacts(job.pk, job.owner_id, job.queue, str(job.state), job.reused) for job in jobs]
        transaction.on_commit(partial(signal.send_robust, sender=Job, jobs=facts))
