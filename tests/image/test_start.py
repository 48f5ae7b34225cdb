"""docker/start.sh starts each process with the chart's own configuration, and each ends when it is told to."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest
from django.db import connection

from gravity.local.ports import free_ports
from tests.chart.render import get
from tests.chart.tools import ROOT
from tests.conftest import Server

BIN = Path(sys.executable).parent
PASSWORD = "flower:a-long-password"
Environment = dict[str, str]


def told(folder: Path, broker: Server, cache: Server) -> Environment:
    """Return what the chart tells a pod, with this machine's folders, ports and servers."""
    chart = get("production", "ConfigMap", "technical-analysis-config")["data"]
    (folder / "static").mkdir()
    api, flower, metrics = map(str, free_ports(3))
    here = {
        "PATH": f"{BIN}:{os.environ['PATH']}",
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "SECRET_KEY": "s" * 40,
        "JWT_SECRET": "j" * 40,
        "FLOWER_BASIC_AUTH": PASSWORD,
        "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
        "BROKER_URL": broker.url,
        "CACHE_URL": cache.url,
        "DATA_DIR": str(folder / "data"),
        "STATIC_ROOT": str(folder / "static"),
        "HEARTBEAT_DIR": str(folder / "heartbeats"),
        "PROMETHEUS_MULTIPROC_DIR": str(folder / "metrics"),
        "API_PORT": api,
        "FLOWER_PORT": flower,
        "WORKER_METRICS_PORT": metrics,
        "BEAT_METRICS_PORT": metrics,
    }
    (folder / "data").mkdir()
    return {**chart, **here}


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory, broker_server: Server, cache_server: Server) -> Path:
    """A folder with the database as the chart's migration leaves it, which takes seconds and is done once."""
    if connection.vendor != "sqlite":
        pytest.skip("not of this database: starts on a file of its own, whatever the others use")
    folder: Path = tmp_path_factory.mktemp("migrated")
    pod = told(folder, broker_server, cache_server)
    subprocess.run([sys.executable, "manage.py", "migrate_once"], cwd=ROOT, env=pod, check=True, capture_output=True)
    return folder


@pytest.fixture
def environment(tmp_path: Path, migrated: Path, broker: Server, cache: Server) -> Environment:
    """What a pod is told; its database is a copy of the migrated one."""
    for file in migrated.glob("db.sqlite3*"):
        shutil.copy(file, tmp_path)
    return told(tmp_path, broker, cache)


@contextmanager
def started(environment: Environment, *arguments: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Run start.sh; at the end tell it to stop, and see that it does."""
    log = Path(environment["TMPDIR"]) / "log"
    with log.open("wb") as file:
        command = ["sh", "docker/start.sh", *arguments]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=file, stderr=file, process_group=0)
    try:
        yield process
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) in (0, -signal.SIGTERM, 128 + signal.SIGTERM), log.read_text()[-2000:]
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        if sys.exc_info()[0] is not None:
            print(log.read_text()[-4000:])


def until(asked: Callable[[], bool], seconds: float = 60) -> None:
    """Wait until it is so."""
    over = time.monotonic() + seconds
    while not asked():
        assert time.monotonic() < over, "it did not come up"
        time.sleep(0.1)


def answers(address: str, **options: object) -> Callable[[], bool]:
    """Return a question: does the address answer 200?"""

    def asked() -> bool:
        try:
            return httpx2.get(address, timeout=5, **options).status_code == 200
        except httpx2.TransportError:
            return False

    return asked


def probe(environment: Environment, kind: str) -> Callable[[], bool]:
    """Return a question: what the pod's probe asks."""
    command = ["sh", "docker/probe.sh", kind]
    return lambda: subprocess.run(command, cwd=ROOT, env=environment, capture_output=True).returncode == 0


def test_the_api(environment: Environment) -> None:
    base = f"http://127.0.0.1:{environment['API_PORT']}"
    with started(environment, "api"):
        until(answers(f"{base}/health/live"))
        assert answers(f"{base}/health/ready")()
        assert "http_requests_total" in httpx2.get(f"{base}/metrics").text
        assert httpx2.get(f"{base}/api/v1/jobs").status_code == 400  # no allowed host
        assert httpx2.get(f"{base}/api/v1/jobs", headers={"Host": "technical-analysis"}).status_code == 401


@pytest.mark.parametrize("process", [("worker", "interactive"), ("beat",)])
def test_a_process_without_a_page(environment: Environment, process: tuple[str, ...]) -> None:
    with started(environment, *process):
        until(answers(f"http://127.0.0.1:{environment['WORKER_METRICS_PORT']}/metrics"))
        until(probe(environment, process[0]))


def test_flower(environment: Environment) -> None:
    base = f"http://127.0.0.1:{environment['FLOWER_PORT']}/flower"
    with started(environment, "flower"):
        until(answers(f"{base}/healthcheck"))
        assert httpx2.get(f"{base}/workers").status_code == 401
        user, _, password = PASSWORD.partition(":")
        assert answers(f"{base}/workers", auth=(user, password))()
        # No button does anything: the pages are for reading.
        refused = httpx2.post(f"{base}/api/worker/shutdown/x", auth=(user, password))
        assert refused.status_code in (401, 403, 405)


@pytest.mark.parametrize("account", ["", "flower", "flower:", ":secret"])
def test_flower_without_user_and_password_does_not_start(environment: Environment, account: str) -> None:
    other = {**environment, "FLOWER_BASIC_AUTH": account}
    done = subprocess.run(["sh", "docker/start.sh", "flower"], cwd=ROOT, env=other, capture_output=True, text=True)
    assert done.returncode == 1
    assert "FLOWER_BASIC_AUTH" in done.stderr


def test_who_waits_for_the_migrations_can_be_told_to_end(environment: Environment) -> None:
    away = {**environment, "DATABASE_URL": "postgresql://gravity:secret@127.0.0.1:1/gravity"}
    log = Path(environment["TMPDIR"], "log")
    with log.open("wb") as file:
        waiting = subprocess.Popen(["sh", "docker/start.sh", "wait"], cwd=ROOT, env=away, stdout=file, stderr=file)
    until(lambda: "waiting for the migrations" in log.read_text())
    waiting.terminate()
    # By itself: a container's first process is not ended by the signal alone.
    assert waiting.wait(60) == 128 + signal.SIGTERM


def test_a_first_process_can_be_told_to_end_while_it_starts() -> None:
    starts = "import os, runpy, time; os.getpid = lambda: {}; runpy.run_path('docker/lines/sitecustomize.py'); "
    for pid, code in ((1, 128 + signal.SIGTERM), (2, -signal.SIGTERM)):
        command = [sys.executable, "-c", starts.format(pid) + "os.write(1, b'there\\n'); time.sleep(300)"]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            until(lambda: bool(process.stdout.readline()))
            process.terminate()
            assert process.wait(60) == code
