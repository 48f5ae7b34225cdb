"""Long-polls and the convenience routes."""

import threading
import time
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from jobs.models import Chunk
from jobs.services.run_chunk import run_chunk
from tests.api.conftest import Caller, faults
from tests.api.test_bad_input import bars
from tests.bars import random_walk

JOBS = "/api/v1/jobs"
DETECT = "/api/v1/patterns/detect"
COMPUTE = "/api/v1/indicators/compute"


@pytest.fixture
def worker(transactional_db: None) -> Any:
    """A thread that runs whatever is accepted."""
    over = threading.Event()

    def work() -> None:
        try:
            while not over.wait(0.05):
                for chunk_id in Chunk.objects.filter(state="queued").values_list("pk", flat=True):
                    run_chunk(chunk_id, worker="test", clock=timezone.now)
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    yield
    over.set()
    thread.join(10)


@pytest.mark.parametrize("wait", ["-1", "61", "soon"])
def test_a_wait_out_of_bounds_is_refused(api: Caller, wait: str) -> None:
    job = api.post(JOBS, {"analyses": ["rsi"], "bars": bars(60)}).json()
    assert {pointer for pointer, _ in faults(api.get(f"{job['links']['self']}?wait={wait}"))} == {"?wait"}


def test_a_long_poll_answers_the_end(api: Caller, cache: Any, worker: None) -> None:
    job = api.post(JOBS, {"analyses": ["rsi"], "bars": bars(60)}).json()
    began = time.monotonic()
    answer = api.get(f"{job['links']['self']}?wait=20").json()
    assert answer["state"] == "succeeded"
    assert time.monotonic() - began < 10


def test_detect_answers_the_events_to_those_who_wait(api: Caller, cache: Any, worker: None) -> None:
    walk = random_walk(120)
    columns = {name: getattr(walk, name).tolist() for name in ("open", "high", "low", "close", "volume")}
    body = {"bars": {"time": (walk.time // 10**6).tolist(), **columns}, "timeframe": "1d", "output": "all"}
    answer = api.post(DETECT, body, Prefer="respond-async, wait=20")
    assert answer.status_code == 200, answer.content
    assert answer["Preference-Applied"] == "wait=20"
    assert answer.json()["events"]
    assert answer["Location"].startswith(JOBS)


def test_a_job_is_answered_once_it_is_over_to_who_would_wait(api: Caller, cache: Any, worker: None) -> None:
    body = {"analyses": ["rsi"], "bars": bars(), "timeframe": "1d"}
    answer = api.post(JOBS, body, Prefer="wait=20", Idempotency_Key="k")
    assert (answer.status_code, answer["Preference-Applied"]) == (202, "wait=20")
    assert answer.json()["state"] == "succeeded"
    assert "Retry-After" not in answer
    again = api.post(JOBS, body, Prefer="wait=20", Idempotency_Key="k")
    assert (again["Location"], again["Idempotency-Replayed"]) == (answer["Location"], "true")


def test_a_job_is_answered_as_it_is_to_who_has_waited_long_enough(api: Caller, cache: Any) -> None:
    answer = api.post(JOBS, {"analyses": ["rsi"], "bars": bars(), "timeframe": "1d"}, Prefer="wait=1")
    assert answer.status_code == 202
    assert "Preference-Applied" not in answer
    assert answer.json()["state"] in ("accepted", "queued")


def test_compute_accepts_the_job_of_those_who_do_not(api: Caller) -> None:
    answer = api.post(COMPUTE, {"analyses": ["rsi"], "bars": bars(60)})
    assert answer.status_code == 202
    assert answer["Location"] == answer.json()["links"]["self"]


@pytest.mark.parametrize(("path", "analysis"), [(DETECT, "rsi"), (COMPUTE, "hammer")])
def test_analyses_of_another_kind_are_refused(api: Caller, path: str, analysis: str) -> None:
    assert faults(api.post(path, {"analyses": [analysis], "bars": bars(60)})) == {("/analyses", "wrong_kind")}


def test_a_preference_that_cannot_be_read_is_not_applied(api: Caller) -> None:
    answer = api.post(COMPUTE, {"analyses": ["rsi"], "bars": bars(60)}, Prefer="wait=soon")
    assert answer.status_code == 202
    assert "Preference-Applied" not in answer
