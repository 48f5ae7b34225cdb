"""Whatever a pod of the chart writes is a line of JSON, from its first line to its last."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.chart.render import containers, pods
from tests.chart.tools import ROOT
from tests.image.test_start import Environment, answers, environment, migrated, probe, started, until

PROCESSES = [("api",), ("worker", "maintenance"), ("beat",), ("flower",)]
__all__ = ["environment", "migrated"]


def lines(text: str) -> list[dict[str, Any]]:
    """Return a log's lines; each must be an object with what every line has."""
    read = []
    for line in text.splitlines():
        try:
            one = json.loads(line)
        except ValueError:
            pytest.fail(f"no JSON: {line!r} in\n{text[:4000]}")
        assert {"event", "level", "timestamp"} <= set(one), line
        read.append(one)
    return read


def once(environment: Environment, *process: str) -> tuple[int, list[dict[str, Any]]]:
    """Run a process to its end and return its exit code and what it wrote."""
    command = ["sh", "docker/start.sh", *process]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)
    return done.returncode, lines(done.stdout + done.stderr)


def test_every_pod_of_the_program_begins_with_the_script() -> None:
    for owner, pod in pods("production").items():
        for container in containers(pod):
            if "gravity_techanalysis" in container["image"]:
                assert container["command"][:2] == ["sh", "/app/docker/start.sh"], owner


@pytest.mark.parametrize("process", PROCESSES)
def test_a_process_from_its_start_to_its_end(environment: Environment, process: tuple[str, ...]) -> None:
    log = Path(environment["TMPDIR"], "log")
    ready = {
        # Its heart beats before it is wholly up, when it cannot be told to end in order.
        "worker": lambda: "ready." in log.read_text(),
        "api": answers(f"http://127.0.0.1:{environment['API_PORT']}/health/ready"),
        "flower": answers(f"http://127.0.0.1:{environment['FLOWER_PORT']}/flower/healthcheck"),
    }
    with started(environment, *process):
        until(ready.get(process[0]) or probe(environment, process[0]), seconds=180)
    written = lines(log.read_text())
    # No more than a line an event, and no empty ones of a banner.
    assert all(one["event"] for one in written)


@pytest.mark.parametrize("process", PROCESSES)
def test_one_that_refuses_its_settings_says_why(environment: Environment, process: tuple[str, ...]) -> None:
    code, written = once({**environment, "SECRET_KEY": "short"}, *process)
    assert code == 1
    assert any("SECRET_KEY must have at least 32 characters" in one["event"] for one in written), written


def test_the_migration_and_who_waits_for_it(environment: Environment) -> None:
    for file in Path(environment["TMPDIR"]).glob("db.sqlite3*"):
        file.unlink()
    with started(environment, "wait"):
        until(lambda: "waiting for the migrations" in Path(environment["TMPDIR"], "log").read_text())
        code, written = once(environment, "migrate")
        assert code == 0
        assert any("jobs.0001" in one["event"] for one in written)
    assert lines(Path(environment["TMPDIR"], "log").read_text())
    assert once(environment, "wait") == (0, [])


def test_who_waits_for_a_database_that_is_away_says_so(environment: Environment) -> None:
    away = {**environment, "DATABASE_URL": "postgresql://gravity:secret@127.0.0.1:1/gravity"}
    log = Path(environment["TMPDIR"], "log")
    with started(away, "wait"):
        until(lambda: "waiting for the migrations" in log.read_text())
    written = lines(log.read_text())
    (why,) = [one for one in written if "exception" in one][:1]
    assert "OperationalError" in why["event"]
    assert "Traceback" in why["exception"]
    assert "secret" not in log.read_text()


def test_what_is_said_in_pieces_is_one_line() -> None:
    script = "print('a', 'b'); print('c', end=''); print('d\\ne'); import sys; sys.stderr.write('{\"event\": 1}\\n')"
    path = {"PYTHONPATH": str(ROOT / "docker" / "lines"), "PATH": os.environ["PATH"]}
    done = subprocess.run([sys.executable, "-c", script], env=path, capture_output=True, text=True, check=True)
    assert [one["event"] for one in lines(done.stdout)] == ["a b", "cd\ne"]
    assert done.stderr == '{"event": 1}\n'
