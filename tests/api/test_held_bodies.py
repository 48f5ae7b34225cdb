"""Bodies that are announced and not sent leave others their answers, and leave owners with credentials their jobs."""

import json
import re
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from unittest.mock import Mock
from urllib.parse import urlsplit

import httpx2
import pytest
from django.contrib.auth.models import AbstractUser

from api import parsing, receiving
from api.receiving import NoPlace, Places
from gravity.local import processes
from gravity.local.environment import LocalSystem, Ports
from jobs.errors import InvalidRequest
from tests.api.conftest import Caller, problem
from tests.api.server import client_of, served
from tests.chart.tools import ROOT

JOB = json.dumps({"symbols": ["W0"], "analyses": ["rsi"]})
JSON = {"Content-Type": "application/json"}
TOKEN, JOBS, LOGIN = "/api/v1/token", "/api/v1/jobs", "/admin/login/"
# Of the threads that a process is started with, as many answer whatever is held.
ANSWERING = 64
THREADS = ANSWERING + sum(kind.threads for kind in (receiving.known, receiving.large, receiving.unknown))


def halves(address: str, path: str, count: int, headers: dict[str, str], source: str) -> list[socket.socket]:
    """Announce a body `count` times from one address, and send none of it."""
    place = urlsplit(address)
    lines = {"Host": place.netloc, **JSON, "Content-Length": "900", **headers}
    head = f"POST {path} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items()) + "\r\n"
    made = []
    for _ in range(count):
        one = socket.create_connection((str(place.hostname), place.port or 80), 20, source_address=(source, 0))
        one.sendall(head.encode())
        made.append(one)
    return made


@contextmanager
def held(address: str, key: str, cookie: str) -> Iterator[None]:
    """Hold two hundred bodies: to what is open, with no credentials, in a form, and with an owner's key."""
    form = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"csrftoken={cookie}"}
    with ExitStack() as stack:
        for path, count, headers, source in (
            (TOKEN, 40, {}, "127.0.0.1"),
            (TOKEN, 40, {}, "127.0.0.2"),
            (JOBS, 40, {}, "127.0.0.3"),
            (LOGIN, 40, form, "127.0.0.4"),
            (JOBS, 40, {"Authorization": key}, "127.0.0.5"),
        ):
            for one in halves(address, path, count, headers, source):
                stack.enter_context(one)
        yield


@pytest.mark.alone
@pytest.mark.django_db(transaction=True)
def test_two_hundred_half_bodies_hold_up_nobody(
    owner: AbstractUser, stranger: AbstractUser, walks: list[str], broker: object, cache: object, tmp_path: Path
) -> None:
    with (
        served(tmp_path, threads=THREADS) as address,
        client_of(address, owner) as http,
        client_of(address, stranger) as other,
    ):
        job = http.post(JOBS, content=JOB, headers=JSON).json()["links"]["self"]
        cookie = httpx2.get(f"{address}{LOGIN}").cookies["csrftoken"]
        with held(address, str(other.headers["Authorization"]), cookie):
            time.sleep(receiving.WAIT_SECONDS + 1)  # until who waited for a place has been sent away
            for path in ("/health/live", "/health/ready", job, f"{JOBS}?limit=1"):
                assert http.get(path).status_code == 200
            assert http.post(JOBS, content=JOB, headers=JSON).status_code == 202
            turned_away = httpx2.post(f"{address}{TOKEN}", content=b"{}", headers=JSON, timeout=10)
            assert turned_away.status_code == 503
            assert turned_away.json()["code"] == "no_place_free"
            assert turned_away.headers["Retry-After"] == str(receiving.RETRY_SECONDS)
            form = httpx2.post(f"{address}{LOGIN}", data={"a": "b"}, cookies={"csrftoken": cookie}, timeout=10)
            assert form.status_code == 503
            assert form.headers["Retry-After"] == str(receiving.RETRY_SECONDS)
        # They have gone, and their places are free again.
        until = time.monotonic() + 20
        while httpx2.post(f"{address}{TOKEN}", content=b"{}", headers=JSON, timeout=10).status_code != 422:
            assert time.monotonic() < until
        assert other.post(JOBS, content=JOB, headers=JSON).status_code == 202
        assert "internal_error" not in (tmp_path / "api.log").read_text()


@pytest.mark.django_db(transaction=True)
def test_what_nobody_may_send_is_refused_before_it_is_received(
    owner: AbstractUser, broker: object, cache: object, tmp_path: Path
) -> None:
    with served(tmp_path) as address, client_of(address, owner) as http:
        key = {"Authorization": str(http.headers["Authorization"])}
        cookie = httpx2.get(f"{address}{LOGIN}").cookies["csrftoken"]
        form = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"csrftoken={cookie}"}
        for path, headers, status in (
            (JOBS, {}, 401),
            (JOBS, {**key, "Content-Length": "11000000"}, 413),
            (TOKEN, {"Content-Length": "5000"}, 413),
            (LOGIN, {**form, "Content-Length": "11000000"}, 413),
        ):
            (one,) = halves(address, path, 1, headers, "127.0.0.1")
            with one:
                assert f" {status} ".encode() in one.recv(65_536).splitlines()[0]


BODILESS = ("GET", "HEAD", "DELETE", "OPTIONS")
PAGES = ("/", LOGIN, "/admin/", "/nowhere", JOBS, TOKEN, f"{JOBS}/01900000-0000-7000-8000-000000000000")


@pytest.mark.parametrize("announced", ["Content-Length: 900", "Transfer-Encoding: chunked"])
@pytest.mark.django_db(transaction=True)
def test_a_body_of_who_only_looks_or_deletes_is_refused_unread(announced: str, cache: object, tmp_path: Path) -> None:
    with served(tmp_path) as address, ExitStack() as stack:
        place = urlsplit(address)
        for method in BODILESS:
            for path in PAGES:
                one = stack.enter_context(socket.create_connection((str(place.hostname), place.port or 80), 5))
                one.sendall(f"{method} {path} HTTP/1.1\r\nHost: {place.netloc}\r\n{announced}\r\n\r\n".encode())
                answer = b"".join(iter(lambda one=one: one.recv(65_536), b""))  # until the server has closed it
                assert answer.startswith(b"HTTP/1.1 400 "), (method, path, answer)
                assert method == "HEAD" or b"body_not_allowed" in answer
        answer = httpx2.post(f"{address}{TOKEN}", content=b"{}", headers=JSON, timeout=10)
        assert answer.status_code == 422
        assert httpx2.get(f"{address}/health/live").status_code == 200


@pytest.mark.parametrize("method", BODILESS)
def test_the_refusal_is_a_problem_of_the_api(api: Caller, method: str) -> None:
    answer = api.client.generic(method, JOBS, b"{}", headers=api.headers)
    assert method == "HEAD" or problem(answer, 400, "body_not_allowed")
    assert answer["Connection"] == "close"
    assert api.client.generic(method, JOBS, headers=api.headers).status_code != 400


def test_no_one_gets_all_places_and_all_bytes_are_counted() -> None:
    places = Places(3, share=2, waiting=1, most_bytes=100, wait_seconds=0.01)

    def refused(who: str, length: int) -> bool:
        try:
            with places.hold(who, length):
                return False
        except NoPlace:
            return True

    with ExitStack() as stack:
        assert not refused("a", 1_000)  # alone it may be larger than all together
        for _ in range(2):
            stack.enter_context(places.hold("a", 40))
        assert refused("a", 1)
        assert refused("b", 21)
        stack.enter_context(places.hold("b", 20))
        assert refused("c", 0)
    assert not refused("a", 100)


def test_a_process_has_threads_for_all_who_hold_and_wait(tmp_path: Path) -> None:
    system = LocalSystem(tmp_path, Ports(*range(1, 6)), {})
    api = next(part for part in processes.workers(system) if part.name == "api").command
    started = {int(api[api.index("--blocking-threads") + 1])}
    started |= {int(n) for n in re.findall(r"--blocking-threads (\d+)", (ROOT / "docker" / "start.sh").read_text())}
    (threads,) = started
    assert threads >= THREADS  # the others wait for their turn


def test_the_place_of_a_large_body_is_held_until_it_is_answered(
    api: Caller, walks: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[tuple[int, int]] = []

    def look(**_: object) -> None:
        held.append((receiving.large.held, receiving.looking.held))
        raise InvalidRequest([])

    monkeypatch.setattr("api.v1.jobs.submit", look)
    for blanks, expected in ((0, 0), (receiving.LARGE_BYTES, 1)):
        problem(api.post(JOBS, JOB.encode() + b" " * blanks), 422)
        assert held.pop() == (expected, expected)
        assert receiving.large.held == receiving.looking.held == 0


def test_a_large_body_of_an_owner_waits_until_the_one_before_has_been_looked_at(
    api: Caller, owner: AbstractUser, walks: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    decoded = Mock(side_effect=parsing.decode)
    monkeypatch.setattr("api.parsing.decode", decoded)
    monkeypatch.setattr(receiving.looking, "_wait_seconds", 0.01)
    large = JOB.encode() + b" " * receiving.LARGE_BYTES
    with receiving.looking.hold(str(owner.pk), len(large)):
        answer = api.post(JOBS, large)
        problem(answer, 503, "no_place_free")
        assert answer["Retry-After"] == str(receiving.RETRY_SECONDS)
        assert not decoded.called
        assert api.post(JOBS, JOB.encode()).status_code == 202
    assert api.post(JOBS, large).status_code == 202
