"""Streams of events over real HTTP: followed, taken up again, cut off, refused; and what they may not hold."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
import pytest
from django.contrib.auth.models import AbstractUser
from django.test import override_settings
from django.utils import timezone

from jobs.models import Chunk
from jobs.services.run_chunk import run_chunk
from tests.api.conftest import Caller, faults, problem
from tests.api.server import client_of, served
from tests.api.test_jobs import JOBS, run, submitted

pytestmark = pytest.mark.alone

PLACES = 2
HEARTBEAT = 0.2


@pytest.fixture(scope="module")
def address(django_db_setup: None, broker_server: Any, cache_server: Any, tmp_path_factory: Any) -> Iterator[str]:
    """One process with two places to wait and one database connection."""
    few = {"WAITER_PLACES": str(PLACES), "EVENTS_HEARTBEAT_SECONDS": str(HEARTBEAT), "DATABASE_POOL_SIZE": "1"}
    with served(tmp_path_factory.mktemp("api"), **few) as address:
        yield address


@pytest.fixture
def http(transactional_db: None, address: str, owner: AbstractUser) -> Iterator[httpx2.Client]:
    with client_of(address, owner) as client:
        yield client


def events(answer: httpx2.Response) -> Iterator[dict[str, Any]]:
    """Yield the events of a stream as browsers read them: fields up to an empty line, comments left out."""
    fields: dict[str, str] = {}
    for line in answer.iter_lines():
        if not line:
            if "data" in fields:
                yield {**json.loads(fields["data"]), "event": fields["event"], "known": fields["id"]}
            fields = {}
        elif not line.startswith(":"):
            name, _, value = line.partition(": ")
            fields[name] = value


@contextmanager
def following(http: httpx2.Client, job: dict[str, Any], **headers: str) -> Iterator[tuple[httpx2.Response, Any]]:
    with http.stream("GET", job["links"]["events"], headers=headers) as answer:
        assert answer.status_code == 200, answer.read()
        assert answer.headers["Content-Type"] == "text/event-stream"
        assert answer.headers["Cache-Control"] == "no-store"
        yield answer, events(answer)


def test_a_job_is_followed_to_its_end(http: httpx2.Client, api: Caller, cache: Any, walks: list[str]) -> None:
    with override_settings(CHUNK_TARGET_MILLISECONDS=0.0001):
        job = api.post(JOBS, {"analyses": ["rsi"], "universe": "walks"}).json()
    chunks = list(Chunk.objects.filter(job_id=job["id"]).values_list("pk", flat=True))
    assert len(chunks) > 1
    with following(http, job) as (_, stream):
        first = next(stream)
        assert (first["event"], first["state"], first["progress"]["total"]) == ("state", "queued", 6)
        run_chunk(chunks[0], worker="test", clock=timezone.now)
        running = next(stream)
        assert (running["event"], running["state"]) == ("state", "running")
        assert running["progress"]["done"] < 6
        run_chunk(chunks[1], worker="test", clock=timezone.now)
        if len(chunks) > 2:
            step = next(stream)
            assert step["event"] == "progress"
            assert step["progress"]["done"] > running["progress"]["done"]
            assert step["progress"]["eta_seconds"] >= 0
        run(job["id"])
        began = time.monotonic()
        last = list(stream)[-1]
        assert (last["event"], last["state"], last["progress"]["done"]) == ("state", "succeeded", 6)
        assert time.monotonic() - began < 2


def test_who_comes_back_is_told_nothing_twice(http: httpx2.Client, api: Caller, cache: Any) -> None:
    job = submitted(api)
    with following(http, job) as (_, stream):
        known = next(stream)["known"]
    with following(http, job, **{"Last-Event-ID": known}) as (_, stream):
        run(job["id"])
        told = list(stream)
    assert [event["state"] for event in told] == ["succeeded"]
    end = http.get(job["links"]["events"], headers={"Last-Event-ID": told[-1]["known"]})
    assert (end.status_code, end.content) == (204, b"")
    for nonsense in ("nonsense", "queued.0.0", "x" * 5_000):
        with following(http, job, **{"Last-Event-ID": nonsense}) as (_, stream):
            assert [event["state"] for event in stream] == ["succeeded"]


def test_without_a_place_the_present_state_is_told_and_a_place_comes_back(
    http: httpx2.Client, api: Caller, cache: Any
) -> None:
    job = submitted(api)
    with following(http, job) as (_, first), following(http, job) as (_, second):
        next(first), next(second)
        with following(http, job) as (answer, third):
            assert answer.headers["Retry-After"] == "5"
            assert [event["state"] for event in third] == ["queued"]
        # Long polls wait in the same places; ordinary requests need none, and no connection that a stream holds.
        began = time.monotonic()
        assert http.get(f"{job['links']['self']}?wait=20").json()["state"] == "queued"
        assert http.head(job["links"]["events"]).status_code == 200
        assert time.monotonic() - began < 5
    deadline = time.monotonic() + 10 * HEARTBEAT + 5
    while True:  # both clients have gone; the next signs of life find that out
        with following(http, job) as (answer, stream):
            if "Retry-After" not in answer.headers:
                assert next(stream)["state"] == "queued"
                break
        assert time.monotonic() < deadline, "A client that went away keeps its place."
        time.sleep(HEARTBEAT)


def test_what_is_refused(api: Caller, anonymous: Caller, stranger: AbstractUser) -> None:
    job = submitted(api)
    path = job["links"]["events"]
    problem(anonymous.get(path), 401)
    problem(Caller(stranger).get(path), 404, "job_not_found")
    problem(api.get(path.replace(job["id"], "0" * 8 + job["id"][8:])), 404)
    assert faults(api.get(f"{path}?since=3")) == {("?since", "unknown_field")}
    problem(api.get(path, Accept="application/json"), 406, "not_acceptable")
    assert api.post(path, {}).status_code == 405
    run(job["id"])
    assert api.delete(job["links"]["self"]).status_code == 204
    problem(api.get(path), 410, "job_deleted")
