"""Limits of one owner, and what an answer tells of them."""

import time
from typing import Any

import pytest

from accounts import counters
from gravity.local.ports import LOOPBACK, free_ports
from jobs.models import Chunk
from jobs.services import admission
from tests.api.conftest import Caller, problem

PRICES = {name: [1.0] * 60 for name in ("open", "high", "low", "close")}
BARS = {"timeframe": "1d", "time": [day * 86_400_000 for day in range(60)], **PRICES}
JOB = {"analyses": ["rsi"], "bars": BARS, "reuse": False}
JOBS = "/api/v1/jobs"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _anew(cache: Any) -> None:
    admission.forget()
    # Not across the end of a minute.
    if time.time() % 60 > 55:
        time.sleep(6)


def test_every_answer_tells_what_is_left_of_the_minute(api: Caller, settings: Any) -> None:
    settings.REQUESTS_PER_MINUTE = 100
    first, second = api.get(JOBS), api.get(f"{JOBS}/nothing")
    assert first["RateLimit-Policy"] == '"owner";q=100;w=60'
    assert first["RateLimit"].startswith('"owner";r=99;t=')
    assert second.status_code == 404
    assert "RateLimit" not in second  # no view: nobody was asked who it is


def test_beyond_the_limit_requests_are_refused_until_the_minute_ends(api: Caller, settings: Any) -> None:
    settings.REQUESTS_PER_MINUTE = 3
    assert [api.get(JOBS).status_code for _ in range(3)] == [200] * 3
    answer = api.get(JOBS)
    problem(answer, 429, "rate_limited")
    assert 0 < int(answer["Retry-After"]) <= 60
    assert answer["RateLimit"].startswith('"owner";r=0;t=')


def test_owners_have_limits_of_their_own(api: Caller, stranger: Any, settings: Any) -> None:
    settings.REQUESTS_PER_MINUTE = 1
    assert api.get(JOBS).status_code == 200
    assert Caller(stranger).get(JOBS).status_code == 200
    assert api.get(JOBS).status_code == 429


def test_without_redis_requests_are_let_in(api: Caller, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counters, "_away_until", 0.0)
    settings.REQUESTS_PER_MINUTE = 1
    settings.CACHE_URL = f"redis://{LOOPBACK}:{free_ports(1)[0]}/0"
    answers = [api.get(JOBS) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200] * 3
    assert "RateLimit" not in answers[-1]


def test_the_catalogue_names_the_limits(api: Caller, settings: Any) -> None:
    limits = api.get("/api/v1/catalog").json()["limits"]
    assert limits["requests_per_minute"] == settings.REQUESTS_PER_MINUTE
    assert limits["open_jobs_per_owner"] == settings.OPEN_JOBS_PER_OWNER


@pytest.mark.parametrize("path", [JOBS, "/api/v1/indicators/compute"])
def test_too_many_open_jobs_are_refused(api: Caller, settings: Any, path: str) -> None:
    settings.OPEN_JOBS_PER_OWNER = 1
    assert api.post(path, JOB).status_code == 202
    answer = api.post(path, JOB)
    problem(answer, 429, "too_many_open_jobs")
    assert answer["Retry-After"] == "30"
    problem(api.post(f"{JOBS}/bulk", {"jobs": [JOB, JOB]}), 429, "too_many_open_jobs")


def test_an_overloaded_queue_takes_no_more(api: Caller, settings: Any) -> None:
    assert api.post(JOBS, JOB).status_code == 202
    settings.OVERLOADED_AFTER_SECONDS = 5
    Chunk.objects.update(queued_at="2026-01-01T00:00:00Z")
    answer = api.post(JOBS, JOB)
    problem(answer, 503, "overloaded")
    assert answer["Retry-After"] == "30"
    assert api.get(JOBS).status_code == 200
