"""Trainings are counted once by what they came to, no matter who ends them, with the time that they took."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings as configured
from django.contrib.auth.models import AbstractUser
from prometheus_client import REGISTRY

from jobs import end_reasons
from jobs.kinds import Kind
from jobs.models import Job
from jobs.requests import JobRequest
from jobs.services import run_chunk as service
from jobs.services.cancel import cancel
from jobs.services.run_chunk import run_chunk
from jobs.services.submit import submit
from jobs.services.submit_training import submit_training
from jobs.services.sweep import sweep
from jobs.signals import JobFacts
from ops.job_metrics import count_ended
from ops.metrics import TRAINING_OUTCOMES
from tests.bars import random_walk
from tests.forecasts import trainable
from tests.jobs.conftest import Clock, only_chunk


def counted() -> Counter[str]:
    found: Counter[str] = Counter()
    for outcome in TRAINING_OUTCOMES:
        # It is there before anything has happened: what begins at 1 has not increased.
        found[outcome] = int(REGISTRY.get_sample_value("trainings_finished_total", {"outcome": outcome}) or 0)
    found["timed"] = int(REGISTRY.get_sample_value("training_duration_seconds_count") or 0)
    return found


@contextmanager
def counts(**expected: int) -> Iterator[None]:
    before = counted()
    yield
    assert counted() - before == Counter(expected)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def begun(owner: AbstractUser, broker: Any, clock: Clock, settings: Any, tmp_path: Path) -> Job:
    settings.TRAINED_MODELS_DIR = str(tmp_path / "trained")
    trainable.store(count=trainable.FEW)
    request = JobRequest(analyses=(), universe=trainable.TOO_FEW, reuse=False)
    return submit_training(owner=owner, request=request, now=clock())


@pytest.mark.parametrize("outcome", TRAINING_OUTCOMES)
def test_every_outcome_is_there_from_the_beginning(outcome: str) -> None:
    assert REGISTRY.get_sample_value("trainings_finished_total", {"outcome": outcome}) is not None


@pytest.mark.parametrize(
    ("state", "reason", "outcome"),
    [
        ("succeeded", "", "model"),
        ("partial", "", "model"),  # some series could not be read
        ("cancelled", end_reasons.DEADLINE, "cancelled"),
        ("failed", end_reasons.TOO_FEW_EVENTS, "refused"),
        ("failed", end_reasons.NOT_MEASURABLE, "refused"),
        ("failed", end_reasons.NO_PLACE_FOR_MODELS, "failed"),
        ("failed", end_reasons.OUT_OF_TIME, "failed"),
        ("failed", end_reasons.WORKER_LOST, "failed"),
        ("failed", end_reasons.BUG, "failed"),
        ("failed", "a code of tomorrow", "failed"),
    ],
)
def test_what_a_training_came_to(state: str, reason: str, outcome: str) -> None:
    facts = JobFacts(uuid4(), 1, "ml", state, False, Kind.TRAINING, reason, 12.5)
    with counts(**{outcome: 1, "timed": 1}):
        count_ended(jobs=[facts])
    with counts():
        count_ended(jobs=[facts._replace(kind=Kind.ANALYSIS)])
    with counts(**{outcome: 1}):
        count_ended(jobs=[facts._replace(seconds=None)])


@pytest.mark.django_db(transaction=True)
def test_too_few_events_are_refused_and_timed(begun: Job, clock: Clock) -> None:
    before = REGISTRY.get_sample_value("training_duration_seconds_sum") or 0.0
    claim = service._claim

    def slow(*given: Any) -> Any:
        found = claim(*given)
        clock.forward(90)
        return found

    with pytest.MonkeyPatch.context() as patch, counts(refused=1, timed=1):
        patch.setattr(service, "_claim", slow)
        assert run_chunk(only_chunk(begun).pk, clock=clock).outcome == "failed"
    assert (REGISTRY.get_sample_value("training_duration_seconds_sum") or 0.0) - before == pytest.approx(90)
    with counts():
        assert run_chunk(only_chunk(begun).pk, clock=clock).outcome == "lost"


@pytest.mark.django_db(transaction=True)
def test_cancelled_before_it_began_it_has_no_time(begun: Job, clock: Clock) -> None:
    with counts(cancelled=1):
        cancel(job=begun, actor="test", now=clock())


@pytest.mark.django_db(transaction=True)
def test_one_that_has_cost_every_worker_is_failed_by_the_sweep(begun: Job, clock: Clock) -> None:
    for attempt in range(configured.MAX_ATTEMPTS):
        assert service._claim(only_chunk(begun).pk, "w1", clock()) is not None
        last = attempt == configured.MAX_ATTEMPTS - 1
        with counts(**({"failed": 1, "timed": 1} if last else {})):
            sweep(now=clock.forward(configured.LEASE_SECONDS + 1))


@pytest.mark.django_db(transaction=True)
def test_other_jobs_are_none(owner: AbstractUser, broker: Any, clock: Clock) -> None:
    job = submit(owner=owner, request=JobRequest(["rsi"], bars=random_walk(60), reuse=False), now=clock())
    with counts():
        assert run_chunk(only_chunk(job).pk, clock=clock).outcome == "succeeded"
