"""A real worker is killed while it trains: its training process ends with it, and another worker makes the model."""

import os
import signal
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import AbstractUser

from forecasts.models import ModelVersion
from forecasts.selectors import known_model
from jobs import clock
from jobs.models import Chunk, Job
from jobs.requests import JobRequest
from jobs.services.cancel import cancel
from jobs.services.submit_training import submit_training
from jobs.services.sweep import sweep
from jobs.states import State
from tests.forecasts import trainable
from tests.tasks.worker.live import LiveWorker, live_worker

# It takes half a minute of one core, at a lower priority than all that runs beside it.
TRAINING_SECONDS = 900
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(2_400)]


@pytest.fixture
def env(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> dict[str, str]:
    """What workers are told: where models are trained, and not to try by walks, which takes minutes."""
    settings.TRAINED_MODELS_DIR = str(tmp_path / "trained")
    return {"TRAINED_MODELS_DIR": settings.TRAINED_MODELS_DIR, "TRAINING_WALK_SEEDS": "0"}


def begun(owner: AbstractUser, universe: str = trainable.ENOUGH) -> Job:
    return submit_training(
        owner=owner, request=JobRequest(analyses=(), universe=universe, reuse=False), now=clock.now()
    )


def stage() -> str | None:
    progress = Chunk.objects.values_list("progress", flat=True).get()
    return None if progress is None else str(progress["stage"])


def trainer(worker: LiveWorker) -> int:
    (began,) = worker.said("training_began")
    return int(began["process"])


def facts(process: int) -> list[str]:
    """Return what Linux says of a process: its state, its parent, …"""
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()


def parent_of(process: int) -> int:
    return int(facts(process)[1])


def lives(process: int) -> bool:
    """Tell whether a process is there and not only waits to be buried."""
    try:
        return facts(process)[0] != "Z"
    except FileNotFoundError:
        return False


def until_gone(process: int) -> None:
    end = time.monotonic() + 60
    while lives(process):
        assert time.monotonic() < end, "the training process outlives its worker"
        time.sleep(0.1)


def test_killed_while_it_trains_nothing_is_lost_and_there_is_one_model(
    owner: AbstractUser, broker: Any, env: dict[str, str], tmp_path: Path
) -> None:
    trainable.store(count=trainable.COUNT)
    job = begun(owner)
    with live_worker(tmp_path, name="first@here", **env) as worker:
        worker.until(lambda: stage() == "gates", "no gate was reached", seconds=TRAINING_SECONDS)
        process = trainer(worker)
        assert lives(process)
        for one in (worker.process.pid, parent_of(process)):  # and not the process that trains
            os.kill(one, signal.SIGKILL)
        worker.process.wait(30)
    until_gone(process)
    assert Chunk.objects.get().state == State.RUNNING
    assert not ModelVersion.objects.exists()

    with live_worker(tmp_path, name="second@here", **env) as worker:
        report = sweep(now=clock.now() + timedelta(seconds=settings.LEASE_SECONDS + 5))
        assert report.leases_expired == 1
        worker.until(lambda: worker.said("chunk_over"), "it is not over", seconds=TRAINING_SECONDS)
    job.refresh_from_db()
    chunk = Chunk.objects.get()
    assert (job.state, chunk.attempt, chunk.worker) == (State.SUCCEEDED, 2, "second@here")
    row = ModelVersion.objects.get()
    assert chunk.progress["model"] == str(row)
    model = known_model(row.name, row.version, owner)
    assert model is not None
    assert (model.sha256, model.status) == (row.sha256, "ready")


def test_cancelled_while_it_trains_it_stops_and_the_worker_goes_on(
    owner: AbstractUser, broker: Any, env: dict[str, str], tmp_path: Path
) -> None:
    trainable.store()
    job = begun(owner)
    with live_worker(tmp_path, **env) as worker:
        worker.until(lambda: stage() == "gates", "no gate was reached", seconds=TRAINING_SECONDS)
        assert cancel(job=job, actor="test", now=clock.now()).state == State.CANCELLING
        worker.until(lambda: Job.objects.get().state == State.CANCELLED, "it is not cancelled")
        until_gone(trainer(worker))
        small = begun(owner, trainable.TOO_FEW)
        worker.until(
            lambda: Job.objects.get(pk=small.pk).state == State.FAILED, "it is not tried", seconds=TRAINING_SECONDS
        )
    assert Job.objects.get(pk=small.pk).end_reason == "too_few_events"
    assert not ModelVersion.objects.exists()
    assert list(Path(env["TRAINED_MODELS_DIR"]).glob(".training-*")) == []
