"""A real worker that is told to end as in a cluster: it takes no more, finishes what it has, and is gone at once."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis
from django.conf import settings

from jobs import clock
from jobs.models import Chunk
from jobs.requests import JobRequest
from jobs.services.submit import submit
from jobs.states import State
from ops import drains
from ops.heartbeats import announced
from ops.models import Drain
from tests.bars import random_walk
from tests.grace import GRACE_SECONDS
from tests.tasks.worker.live import LiveWorker, live_worker

pytestmark = pytest.mark.django_db(transaction=True)
NAME = "live@here"
CLUSTER = {"REMAP_SIGTERM": "SIGQUIT"}  # as docker/start.sh has it


@contextmanager
def busy(worker: LiveWorker, owner: object, *, jobs: int = 3) -> Iterator[None]:
    """Submit what nobody computes in the block: the worker has taken a message, and its child stands still."""
    worker.until(lambda: worker.said(f"{NAME} ready."))
    (child,) = Path(f"/proc/{worker.process.pid}/task/{worker.process.pid}/children").read_text().split()
    os.kill(int(child), signal.SIGSTOP)
    try:
        for seed in range(jobs):
            submit(owner=owner, request=JobRequest(["rsi"], bars=random_walk(80, seed=seed)), now=clock.now())
        worker.until(lambda: worker.has_taken() > 0, "takes a message")
        yield
    finally:
        os.kill(int(child), signal.SIGCONT)


def in_broker() -> tuple[int, int]:
    """Return how many messages wait, and how many a worker has taken."""
    with redis.Redis.from_url(settings.BROKER_URL) as client:
        return int(client.llen("interactive")), int(client.hlen("unacked"))


def states() -> dict[str, int]:
    found = [chunk.state for chunk in Chunk.objects.all()]
    return {state: found.count(state) for state in found}


def test_it_finishes_what_it_has_and_does_not_sit_out_its_time(owner, broker, tmp_path: Path) -> None:
    with live_worker(tmp_path, name=NAME, **CLUSTER, WORKER_SOFT_SHUTDOWN_SECONDS="600") as worker:
        with busy(worker, owner):
            worker.process.terminate()
            worker.until(lambda: worker.said("worker_ends"))
        assert worker.process.wait(GRACE_SECONDS) == 0
    assert states() == {State.SUCCEEDED: 1, State.QUEUED: 2}
    assert set(Chunk.objects.values_list("attempt", flat=True)) == {0, 1}
    assert in_broker() == (2, 0)


def test_when_its_time_is_over_it_hands_back_what_it_has(owner, broker, tmp_path: Path) -> None:
    with live_worker(tmp_path, name=NAME, **CLUSTER, WORKER_SOFT_SHUTDOWN_SECONDS="1") as worker:
        with busy(worker, owner):
            worker.process.terminate()
            worker.until(lambda: worker.said("worker_time_over"))
        worker.process.wait(GRACE_SECONDS)
    # Nothing is lost: a message is there for each that is not done.
    assert states().keys() <= {State.SUCCEEDED, State.QUEUED}
    waiting, taken = in_broker()
    assert taken == 0
    assert waiting >= states()[State.QUEUED]


def test_nobody_takes_it_for_one_that_lives(broker, tmp_path: Path) -> None:
    with live_worker(tmp_path, name=NAME, **CLUSTER) as worker:
        worker.until(lambda: NAME in announced("worker"))
        drains.drain(NAME, by="staff:one", now=clock.now())
        worker.until(lambda: worker.said("worker_drained"))
        worker.process.terminate()
        assert worker.process.wait(GRACE_SECONDS) == 0
    assert announced("worker") == {}
    assert announced("queue:interactive") == {}
    assert not Drain.objects.exists(), "it has taken its drain with it"
