"""A real worker and a paused queue: messages that are there already begin nothing, and all is done afterwards."""

from pathlib import Path

import pytest

from jobs import clock
from jobs.models import Chunk, Job
from jobs.requests import JobRequest
from jobs.services.hold import pause, resume
from jobs.services.submit import submit
from jobs.states import State
from tests.bars import random_walk
from tests.tasks.worker.live import live_worker

pytestmark = pytest.mark.django_db(transaction=True)


def states() -> set[str]:
    return set(Job.objects.values_list("state", flat=True))


def test_what_lies_in_the_broker_stays_queued_and_is_done_when_the_queue_goes_on(owner, broker, tmp_path: Path) -> None:
    def job(seed: int) -> Job:
        return submit(owner=owner, request=JobRequest(["rsi"], bars=random_walk(80, seed=seed)), now=clock.now())

    published = [job(seed) for seed in range(5)]
    pause("interactive", by="staff:one", now=clock.now())
    later = job(9)
    with live_worker(tmp_path) as worker:
        worker.until(lambda: len(worker.said("chunk_held")) == len(published))
        assert set(Chunk.objects.values_list("state", "attempt")) == {(State.QUEUED, 0), (State.ACCEPTED, 0)}
        assert Chunk.objects.get(job=later).state == State.ACCEPTED
        resume("interactive", by="staff:one", now=clock.now())
        worker.until(lambda: states() == {State.SUCCEEDED})
    assert set(Chunk.objects.values_list("attempt", flat=True)) == {1}
