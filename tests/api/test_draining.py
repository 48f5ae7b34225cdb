"""Once the drain file is there, no client goes on with a connection that is about to be closed."""

import threading
import time
from pathlib import Path
from typing import Any

import httpx2
import pytest
import redis
from django.contrib.auth.models import AbstractUser

from tests.api.conftest import Caller
from tests.api.server import client_of, served
from tests.api.test_jobs import run, submitted
from tests.conftest import Server

pytestmark = pytest.mark.django_db(transaction=True)


def closes(answer: httpx2.Response) -> bool:
    """Tell whether the server said that the connection ends with this answer."""
    return answer.headers.get("Connection", "") == "close"


def listening(cache: Server) -> set[str]:
    """Return the connections that listen for the ends of jobs."""
    with redis.Redis.from_url(cache.url) as client:
        return {one["id"] for one in client.client_list(_type="pubsub")}


def drained(http: httpx2.Client, file: Path) -> None:
    """Make the file and return when the server has seen it."""
    assert not closes(http.get("/health/live"))
    file.touch()
    until = time.monotonic() + 60
    while not closes(http.get("/health/live")):
        assert time.monotonic() < until
        time.sleep(0.02)


def test_every_answer_ends_its_connection(
    api: Caller, owner: AbstractUser, broker: Any, cache: Any, tmp_path: Path
) -> None:
    over = submitted(api)
    run(over["id"])
    with served(tmp_path, DRAIN_FILE=str(tmp_path / "drain")) as address, client_of(address, owner) as http:
        assert not any(closes(http.get(over["links"]["result"])) for _ in range(2))
        drained(http, tmp_path / "drain")
        replayed, other, unknown = (http.get(path) for path in (over["links"]["result"], "/api/v1/jobs", "/nowhere"))
        assert (replayed.status_code, other.status_code, unknown.status_code) == (200, 200, 404)
        assert all(closes(answer) for answer in (replayed, other, unknown))
        assert "X-Request-Id" in replayed.headers
        with http.stream("GET", over["links"]["events"]) as stream:
            assert closes(stream)


def test_who_waits_is_sent_on_and_who_comes_later_may_wait(
    api: Caller, owner: AbstractUser, broker: Any, cache: Server, tmp_path: Path
) -> None:
    job = submitted(api)
    path, answers, lines = job["links"]["self"], [], []
    reads = threading.Event()
    with served(tmp_path, DRAIN_FILE=str(tmp_path / "drain")) as address, client_of(address, owner) as http:
        http.timeout = httpx2.Timeout(60)

        def wait() -> None:
            answers.append(http.get(path, params={"wait": 60}))

        def follow() -> None:
            with http.stream("GET", job["links"]["events"]) as stream:
                for line in stream.iter_lines():
                    lines.append(line)
                    reads.set()

        threads = [threading.Thread(target=each) for each in (wait, follow)]
        before = listening(cache)
        threads[0].start()
        until = time.monotonic() + 60
        while not listening(cache) - before:  # the process listens for those who wait
            assert time.monotonic() < until
            time.sleep(0.02)
        threads[1].start()
        assert reads.wait(60)
        drained(http, tmp_path / "drain")
        for thread in threads:
            thread.join(50)  # less than the wait that was asked for
        began = time.monotonic()
        later = http.get(path, params={"wait": 1})
        assert time.monotonic() - began >= 1
    assert [(one.status_code, one.json()["state"]) for one in (*answers, later)] == [(200, "queued")] * 2
    assert '"state":"queued"' in lines[lines.index("event: closing") + 2]
