"""A process that is told to end answers those who wait, with what there is, instead of cutting them off."""

import threading
import time
from pathlib import Path
from typing import Any

import httpx2
import pytest
from django.contrib.auth.models import AbstractUser

from tests.api.conftest import Caller
from tests.api.server import client_of, served
from tests.api.test_jobs import submitted

pytestmark = [pytest.mark.alone, pytest.mark.django_db(transaction=True)]
WAITING = 6


class Followers:
    """Clients that wait for a job and one that reads its events, until nobody listens any more."""

    def __init__(self, http: httpx2.Client, job: dict[str, Any]) -> None:
        http.timeout = httpx2.Timeout(60)
        self.http, self.path = http, f"/api/v1/jobs/{job['id']}"
        self.answers: list[tuple[int, str]] = []
        self.cut: list[Exception] = []
        self.lines: list[str] = []
        self.reads = threading.Event()
        tasks = [self._wait] * WAITING + [self._read]
        self.threads = [threading.Thread(target=self._until_refused, args=(task,)) for task in tasks]

    def _until_refused(self, task: Any) -> None:
        try:
            while True:
                task()
        except httpx2.ConnectError:
            return
        except httpx2.TransportError as error:
            self.cut.append(error)

    def _wait(self) -> None:
        answer = self.http.get(self.path, params={"wait": 60})
        self.answers.append((answer.status_code, answer.json()["state"]))

    def _read(self) -> None:
        with self.http.stream("GET", f"{self.path}/events") as stream:
            for line in stream.iter_lines():
                self.lines.append(line)
                self.reads.set()


def test_waits_and_streams_end_with_the_present_state(
    api: Caller, owner: AbstractUser, broker: Any, cache: Any, tmp_path: Path
) -> None:
    with served(tmp_path, threads=WAITING + 4) as address:
        clients = Followers(client_of(address, owner), submitted(api))
        for thread in clients.threads:
            thread.start()
        assert clients.reads.wait(20)
        time.sleep(1)  # who has not asked by now is answered just the same
    # The server had a second to end in.
    for thread in clients.threads:
        thread.join(20)
    clients.http.close()
    assert clients.cut == []
    assert len(clients.answers) >= WAITING
    assert set(clients.answers) == {(200, "queued")}
    last = clients.lines[clients.lines.index("event: closing") :]
    assert last[1] == "id: queued.0.0"
    assert '"state":"queued"' in last[2]
