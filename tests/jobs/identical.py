"""Identical jobs for tests: submitted, run, looked at."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AbstractUser

from jobs.models import Job, Transition
from jobs.requests import JobRequest
from jobs.services import join
from jobs.services.run_chunk import run_chunk
from jobs.services.submit import submit
from jobs.states import State
from tests.bars import random_walk
from tests.jobs.conftest import Clock

Submit = Callable[..., Job]


@pytest.fixture
def submit_same(owner: AbstractUser, clock: Clock, broker: Any) -> Submit:
    def make(who: AbstractUser = owner, seed: int = 1, waited_for: bool = True, **fields: Any) -> Job:
        request = JobRequest(analyses=["rsi"], bars=random_walk(120, seed=seed), **fields)
        return submit(owner=who, request=request, now=clock(), waited_for=waited_for)

    return make


def run(job: Job, clock: Clock) -> None:
    for chunk in job.chunks.order_by("position"):
        run_chunk(chunk.pk, worker="w", clock=clock)


def states(*jobs: Job) -> list[str]:
    for job in jobs:
        job.refresh_from_db()
    return [str(job.state) for job in jobs]


def computed() -> int:
    """How many times a worker has begun a chunk."""
    return Transition.objects.filter(chunk__isnull=False, to_state=State.RUNNING).exclude(actor=join.ACTOR).count()


class Interrupted:
    """A worker that is killed once it has claimed its chunk."""

    def __init__(self, clock: Clock) -> None:
        self._clock, self._asked = clock, 0

    def __call__(self) -> Any:
        self._asked += 1
        if self._asked > 1:
            raise KeyboardInterrupt
        return self._clock()


def fresh(jobs: list[Job]) -> list[Job]:
    for job in jobs:
        job.refresh_from_db()
    return jobs
