"""A job that trains: one at a time for each owner, told how far it is, and over with a model or a reason."""

import json
from pathlib import Path
from typing import Any

import pytest
import redis
from django.contrib.auth.models import AbstractUser
from django.db import IntegrityError, transaction

from forecasts.models import ModelVersion
from jobs import dispatch, selectors
from jobs.errors import InvalidRequest, ResultIsModel, TrainingUnavailable, TrainingUnderWay
from jobs.kinds import STAGES, Kind
from jobs.models import Chunk, Job
from jobs.queries import backlog
from jobs.requests import JobRequest
from jobs.services.cancel import cancel
from jobs.services.clone import clone
from jobs.services.retry import retry
from jobs.services.run_chunk import run_chunk
from jobs.services.submit import submit
from jobs.services.submit_training import submit_training
from jobs.states import State
from market.services.universes import put_universe
from ml.candidate import STAGES as TOLD
from tests.forecasts import trainable
from tests.jobs.conftest import only_chunk

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(owner: AbstractUser, broker: Any, clock: Any, settings: Any, tmp_path: Path) -> Any:
    """Submit a training over a universe."""
    settings.TRAINED_MODELS_DIR = str(tmp_path / "trained")
    settings.TRAINING_WALK_SEEDS = 0

    def make(universe: str = trainable.TOO_FEW, who: AbstractUser = owner, **fields: Any) -> Job:
        request = JobRequest(analyses=(), universe=universe, reuse=False, **fields)
        return submit_training(owner=who, request=request, now=clock())

    return make


def over(job: Job, clock: Any) -> Job:
    run_chunk(only_chunk(job).pk, worker="w1@here", clock=clock)
    return Job.objects.get(pk=job.pk)


def test_the_stages_are_those_that_are_told() -> None:
    assert ("read", *TOLD, "over") == STAGES


@pytest.mark.timeout(900)
def test_it_comes_to_a_candidate_and_the_same_again_to_the_same(ask: Any, owner: AbstractUser, clock: Any) -> None:
    trainable.store()
    job = ask(trainable.ENOUGH, tags=["mine"])
    assert (job.kind, job.queue, job.chunk_count, job.symbol_count) == (Kind.TRAINING, "ml", 1, trainable.COUNT)
    assert job.request == {"universe": trainable.ENOUGH, "tags": ["mine"]}
    assert selectors.training_of(job) is None
    done = over(job, clock)
    assert (done.state, done.ok_count, done.end_reason) == (State.SUCCEEDED, trainable.COUNT, "")
    row = ModelVersion.objects.get()
    named = {"model": "pattern_outcome/2.0.1000", "sha256": row.sha256}
    assert selectors.training_of(done) == {"stage": "over", "done": 1, "total": 1, **named}
    assert row.owner == owner
    with pytest.raises(ResultIsModel):
        selectors.read_result(done)

    again = over(clone(job=done, owner=owner, now=clock()), clock)
    assert again.state == State.SUCCEEDED
    assert selectors.training_of(again) == selectors.training_of(done)
    assert ModelVersion.objects.get() == row


def test_too_few_events_fail_it_with_how_many_there_are(ask: Any, owner: AbstractUser, clock: Any) -> None:
    trainable.store(count=trainable.FEW)
    done = over(ask(), clock)
    assert (done.state, done.end_reason) == (State.FAILED, "too_few_events")
    told = selectors.training_of(done)
    assert told is not None
    assert (told["stage"], told["needed"]) == ("events", 2_000)
    assert 0 < told["found"] < 2_000
    failures = selectors.failures_of(done)
    assert failures.codes == [("too_few_events", trainable.FEW)]
    assert "at least 2,000 are needed" in failures.first[0]["detail"]
    assert not ModelVersion.objects.exists()
    # Once more is once more of all: a model of some of the series would be another one.
    again = retry(job=done, owner=owner, now=clock())
    assert (again.kind, again.retry_of, again.symbol_count) == (Kind.TRAINING, done, trainable.FEW)


def test_a_second_one_is_refused_until_the_first_is_over(
    ask: Any, stranger: AbstractUser, owner: AbstractUser, clock: Any
) -> None:
    trainable.store(count=trainable.FEW)
    first = ask()
    with pytest.raises(TrainingUnderWay, match=str(first.pk)):
        ask()
    ask(who=stranger)
    submit(owner=owner, request=JobRequest(["rsi"], universe=trainable.TOO_FEW), now=clock())
    assert Job.objects.filter(kind=Kind.TRAINING).count() == 2
    cancel(job=first, actor="test", now=clock())
    ask()


def test_the_database_lets_no_second_one_in_either(ask: Any, owner: AbstractUser) -> None:
    trainable.store(count=trainable.FEW)
    job = ask()
    columns = {field.attname: getattr(job, field.attname) for field in Job._meta.concrete_fields}
    del columns["id"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.bulk_create([Job(**columns)])
    Job.objects.bulk_create([Job(**{**columns, "kind": Kind.ANALYSIS})])


def test_a_worker_that_finds_no_place_for_models_says_so(ask: Any, clock: Any, settings: Any, tmp_path: Path) -> None:
    trainable.store(count=trainable.FEW)
    job = ask()
    (tmp_path / "file").write_text("")
    settings.TRAINED_MODELS_DIR = str(tmp_path / "file")
    done = over(job, clock)
    assert (done.state, done.end_reason) == (State.FAILED, "no_place_for_models")


def test_without_a_place_for_models_it_is_refused_at_once(ask: Any, settings: Any) -> None:
    settings.TRAINED_MODELS_DIR = ""
    with pytest.raises(TrainingUnavailable):
        ask()


@pytest.mark.parametrize(
    ("fields", "pointer", "code"),
    [
        ({"universe": "none"}, "/universe", "unknown_universe"),
        ({"timeframe": "1h"}, "/timeframe", "timeframe_not_trained"),
        ({"timeframe": "7x"}, "/timeframe", "unknown_timeframe"),
    ],
)
def test_what_cannot_be_trained_on_is_refused(ask: Any, fields: dict[str, str], pointer: str, code: str) -> None:
    trainable.store(count=trainable.FEW)
    with pytest.raises(InvalidRequest) as refused:
        ask(**fields)
    assert (pointer, code) in [(fault.pointer, fault.code) for fault in refused.value.faults]


def test_a_series_that_is_gone_is_left_out_by_name(ask: Any, owner: AbstractUser, clock: Any) -> None:
    symbols = trainable.store(count=trainable.FEW)
    put_universe(owner=owner, name="partly", symbols=[*symbols, "GONE"], now=clock())
    job = ask("partly")
    assert job.symbol_count == trainable.FEW + 1
    assert over(job, clock).end_reason == "too_few_events"


def test_its_message_has_its_own_limit_and_no_other_has(
    ask: Any, owner: AbstractUser, clock: Any, settings: Any, broker: Any
) -> None:
    trainable.store(count=trainable.FEW)
    chunk = only_chunk(ask())
    other = submit(owner=owner, request=JobRequest(["pattern_outcome"], universe=trainable.TOO_FEW), now=clock())
    others = list(Chunk.objects.filter(job=other).values_list("pk", flat=True))
    assert backlog.trainings_among([chunk.pk, *others]) == [chunk.pk]
    broker.flush()
    assert dispatch.publish("ml", [chunk.pk, *others])
    with redis.Redis.from_url(settings.BROKER_URL) as client:
        limits = [json.loads(sent)["headers"]["timelimit"] for sent in client.lrange("ml", 0, -1)][::-1]
    assert limits[0] == [settings.TRAINING_LIMIT_SECONDS + dispatch.TRAINING_GRACE_SECONDS, None]
    assert limits[1:] == [[None, None]] * len(others)


def test_progress_is_written_by_the_attempt_that_makes_it_alone(ask: Any) -> None:
    trainable.store(count=trainable.FEW)
    chunk = only_chunk(ask())
    assert backlog.note_progress(chunk, {"stage": "read", "done": 1, "total": 3})
    chunk.attempt += 1
    assert not backlog.note_progress(chunk, {"stage": "card", "done": 1, "total": 1})
    assert Chunk.objects.get(pk=chunk.pk).progress == {"stage": "read", "done": 1, "total": 3}
