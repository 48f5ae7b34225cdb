"""A real worker that is drained: it takes no more, finishes what it has, says so, and takes again when it is let."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

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
from tests.tasks.worker.live import live_worker

pytestmark = pytest.mark.django_db(transaction=True)
NAME = "live@here"


def in_state(*states: State) -> int:
    return Chunk.objects.filter(state__in=states).count()


def test_a_drained_worker_finishes_what_it_has_and_takes_again_when_it_is_let(owner, broker, tmp_path: Path) -> None:
    def job(seed: int) -> None:
        submit(owner=owner, request=JobRequest(["rsi"], bars=random_walk(80, seed=seed)), now=clock.now())

    with live_worker(tmp_path, name=NAME) as worker:
        worker.until(lambda: NAME in announced("worker"))
        for seed in range(300):
            job(seed)
        out = StringIO()
        call_command("drain_worker", NAME, "--wait", "60", stdout=out)
        assert "empty since" in out.getvalue()
        assert worker.said("worker_drained", worker=NAME)
        job(1_000)
        done = in_state(State.SUCCEEDED)
        assert in_state(State.RUNNING) == 0
        assert in_state(State.QUEUED) == 301 - done > 0
        worker.until(lambda: announced("worker")[NAME] < 5, "it lives")
        assert in_state(State.SUCCEEDED) == done

        broker.flush()  # and a connection that comes back is no reason to take again
        drains.undo(NAME)
        worker.until(lambda: worker.said("worker_takes_again"))
        job(1_001)
        worker.until(lambda: in_state(State.SUCCEEDED) > done)


def test_a_worker_that_is_restarted_takes_messages(owner, broker, tmp_path: Path) -> None:
    with live_worker(tmp_path, name=NAME) as worker:
        worker.until(lambda: NAME in announced("worker"))
        drains.drain(NAME, by="staff:one", now=clock.now())
        worker.until(lambda: worker.said("worker_drained"))
        worker.process.terminate()
        worker.process.wait(GRACE_SECONDS)
        assert not Drain.objects.exists(), "it has taken its drain with it"
    drains.Drain.objects.create(worker=NAME, asked_at=clock.now(), by="one that was killed")
    with live_worker(tmp_path, name=NAME) as worker:
        submit(owner=owner, request=JobRequest(["rsi"], bars=random_walk(80)), now=clock.now())
        worker.until(lambda: in_state(State.SUCCEEDED) == 1)
