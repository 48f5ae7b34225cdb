"""Five hundred clients that wait leave the others their answers."""

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
from django.conf import settings
from django.contrib.auth.models import AbstractUser

from tests.api.conftest import Caller
from tests.api.server import client_of, served
from tests.api.test_jobs import submitted

pytestmark = pytest.mark.alone

CROWD = 500
# What a poll may take beside the crowd, which is this process's own Python on the same cores.
SLOWER = 8.0
ALLOWANCE_SECONDS = 0.02


async def wait(address: str, target: str, headers: str, seen: Counter[str]) -> None:
    """Wait for a job as a patient client does: when turned away, come back after Retry-After."""
    place = urlsplit(address)
    while True:
        reader, writer = await asyncio.open_connection(place.hostname, place.port)
        try:
            request = f"GET {target} HTTP/1.1\r\nHost: {place.netloc}\r\n{headers}Connection: close\r\n\r\n"
            writer.write(request.encode())
            seen[(await reader.readline()).decode().split()[1]] += 1
            while await reader.read(1 << 16):
                pass
        finally:
            writer.close()
        await asyncio.sleep(5)


@contextmanager
def crowd(address: str, targets: list[str], headers: str) -> Iterator[Counter[str]]:
    over, seen = threading.Event(), Counter[str]()

    async def everybody() -> None:
        waiting = [asyncio.create_task(wait(address, targets[n % len(targets)], headers, seen)) for n in range(CROWD)]
        await asyncio.to_thread(over.wait)
        seen["gone"] = sum(task.done() for task in waiting)
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

    thread = threading.Thread(target=lambda: asyncio.run(everybody()))
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join(30)


def polls(http: httpx2.Client, path: str, count: int = 60) -> list[float]:
    taken = []
    for _ in range(count):
        began = time.perf_counter()
        assert http.get(path).status_code == 200
        taken.append(time.perf_counter() - began)
    return taken


def test_ordinary_polls_are_answered_beside_a_crowd(
    transactional_db: None, api: Caller, owner: AbstractUser, broker: Any, cache: Any, tmp_path: Any
) -> None:
    job = submitted(api)
    links = job["links"]
    with served(tmp_path, threads=64) as address, client_of(address, owner) as http:
        alone = median(polls(http, links["self"]))
        headers = f"Authorization: {http.headers['Authorization']}\r\n"
        with crowd(address, [links["events"], f"{links['self']}?wait=30"], headers) as seen:
            deadline = time.monotonic() + 30
            while seen["200"] < CROWD - settings.WAITER_PLACES and time.monotonic() < deadline:
                time.sleep(0.1)
            beside = median(polls(http, links["self"]))
            with http.stream("GET", links["events"]) as another:
                assert "Retry-After" in another.headers
    print(f"alone {alone * 1e3:.1f} ms, beside {CROWD} waiting {beside * 1e3:.1f} ms, {dict(seen)}")
    assert seen["200"] >= CROWD - settings.WAITER_PLACES
    assert seen.keys() == {"200", "gone"}
    assert seen["gone"] == 0
    assert beside <= alone * SLOWER + ALLOWANCE_SECONDS
