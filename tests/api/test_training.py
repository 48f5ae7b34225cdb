"""POST /ml/train: a job of kind training, refused with its reason or told of until there is a model."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AbstractUser

from jobs import clock
from jobs.models import Chunk
from jobs.services.run_chunk import run_chunk
from tests.api.conftest import Caller, faults, problem
from tests.forecasts import trainable

TRAIN = "/api/v1/ml/train"


@pytest.fixture
def trained(settings: Any, tmp_path: Path, owner: AbstractUser, broker: Any) -> Path:
    """Where models are trained, and a universe that is too small."""
    settings.TRAINED_MODELS_DIR = str(tmp_path / "trained")
    trainable.store(count=trainable.FEW)
    return tmp_path / "trained"


def test_it_is_a_job_that_tells_how_far_it_is_and_what_is_lacking(trained: Path, api: Caller) -> None:
    answer = api.post(TRAIN, {"universe": trainable.TOO_FEW, "tags": ["mine"]})
    assert answer.status_code == 202, answer.content
    job = answer.json()
    assert (job["kind"], job["queue"], job["state"], job["analyses"]) == ("training", "ml", "queued", [])
    assert job["request"] == {"universe": trainable.TOO_FEW, "tags": ["mine"]}
    assert api.get(answer["Location"]).json()["training"] is None
    problem(api.get(job["links"]["result"]), 409, "result_is_model")
    problem(api.get(job["links"]["chart"]), 409, "result_is_model")

    run_chunk(Chunk.objects.get().pk, clock=clock.now)
    over = api.get(answer["Location"]).json()
    assert (over["state"], over["reason"], over["training"]["needed"]) == ("failed", "too_few_events", 2_000)
    assert over["failures"]["codes"] == [{"code": "too_few_events", "count": trainable.FEW}]
    assert api.post(job["links"]["retry"]).json()["kind"] == "training"
    assert [one["kind"] for one in api.get("/api/v1/jobs?tag=mine").json()["items"]] == ["training"] * 2


def test_one_at_a_time(trained: Path, api: Caller) -> None:
    job = api.post(TRAIN, {"universe": trainable.TOO_FEW}).json()
    refused = problem(api.post(TRAIN, {"symbols": ["WALK0"]}), 409, "training_under_way")
    assert job["id"] in refused["detail"]
    assert api.post(job["links"]["cancel"]).json()["state"] == "cancelled"
    assert api.post(TRAIN, {"symbols": ["WALK0"]}).status_code == 202


def test_where_models_are_not_trained_it_says_so(trained: Path, api: Caller, settings: Any) -> None:
    settings.TRAINED_MODELS_DIR = ""
    problem(api.post(TRAIN, {"universe": trainable.TOO_FEW}), 409, "training_unavailable")


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({}, "", "missing"),
        ({"universe": trainable.TOO_FEW, "symbols": ["WALK0"]}, "", "ambiguous"),
        ({"universe": "none"}, "/universe", "unknown_universe"),
        ({"symbols": ["NONE"]}, "/symbols/0", "unknown_symbol"),
        ({"universe": trainable.TOO_FEW, "timeframe": "1h"}, "/timeframe", "timeframe_not_trained"),
        ({"universe": trainable.TOO_FEW, "analyses": ["rsi"]}, "/analyses", "unknown_field"),
        ({"universe": trainable.TOO_FEW, "deadline_at": "2001-01-01T00:00:00Z"}, "/deadline_at", "not_in_future"),
        ({"universe": 7}, "/universe", "wrong_type"),
    ],
)
def test_every_fault_is_named(trained: Path, api: Caller, body: Any, pointer: str, code: str) -> None:
    assert (pointer, code) in faults(api.post(TRAIN, body))


def test_a_key_is_refused_for_the_same_makes_the_same_anyway(trained: Path, api: Caller) -> None:
    answer = api.post(TRAIN, {"universe": trainable.TOO_FEW}, Idempotency_Key="one")
    assert ("?Idempotency-Key", "key_not_kept") in faults(answer)
