"""Connections on which nothing is asked keep nobody from being answered, and hold little memory."""

import re
import resource
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest

from gravity.local import processes
from gravity.local.environment import LocalSystem, Ports
from tests.api.server import served
from tests.chart.tools import ROOT

HELD = 1_100  # more than the server takes unless it is told to
OPTIONS = ("--backpressure", "--http1-buffer-size")


@pytest.fixture
def many_files() -> Iterator[None]:
    """As many open in this process as may be; the server sees to that itself."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (before[1], before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def options(folder: Path) -> dict[str, str]:
    """Return how the API of `make run` is told to take connections."""
    system = LocalSystem(folder, Ports(*range(1, 6)), {})
    command = next(part for part in processes.workers(system) if part.name == "api").command
    return {option: command[command.index(option) + 1] for option in OPTIONS}


@pytest.mark.django_db(transaction=True)
def test_who_asks_is_answered_beside_connections_that_do_not(
    tmp_path: Path, broker: object, cache: object, many_files: None
) -> None:
    told = [text for pair in options(tmp_path).items() for text in pair]
    with served(tmp_path, options=told) as address, ExitStack() as stack:
        place = urlsplit(address)
        for number in range(HELD):
            one = stack.enter_context(socket.create_connection((str(place.hostname), place.port or 80), 20))
            one.sendall(b"" if number % 2 else b"GET / HTTP/1.1\r\nHost: 127.0")
        # Well before the server gives the others up, which is after thirty seconds.
        assert httpx2.get(f"{address}/health/live", timeout=15).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_the_head_of_a_request_is_bounded(tmp_path: Path, broker: object, cache: object) -> None:
    told = [text for pair in options(tmp_path).items() for text in pair]
    with served(tmp_path, options=told) as address:
        place = urlsplit(address)
        with socket.create_connection((str(place.hostname), place.port or 80), 20) as one:
            one.sendall(b"GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"a" * 70_000)
            assert b" 431 " in one.recv(4_096).splitlines()[0]


def test_the_image_takes_connections_as_make_run_does(tmp_path: Path) -> None:
    start = (ROOT / "docker" / "start.sh").read_text()
    for option, value in options(tmp_path).items():
        assert re.findall(rf"{option} (\d+)", start) == [value]
