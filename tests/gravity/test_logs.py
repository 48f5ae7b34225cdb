"""What log lines look like: JSON for programs, plain for a person at a terminal who is not in production."""

import json
import os
import pty
import subprocess
import sys
from typing import Any

import pytest
import structlog
from django.core.exceptions import ImproperlyConfigured

from gravity.logs import configure

SAY = """
import logging, structlog
from gravity.logs import configure
configure({"level": "INFO", "production": %s})
structlog.get_logger("a").info("chunk_over", outcome="failed", symbol="<b>")
try:
    1 / 0
except ZeroDivisionError:
    logging.getLogger("b").exception("it broke")
"""


def on_terminal(production: bool) -> str:
    """Return what a process says on a terminal of its own."""
    ours, its = pty.openpty()
    subprocess.run([sys.executable, "-c", SAY % production], stderr=its, check=True)
    os.close(its)
    said = b""
    with os.fdopen(ours, "rb", buffering=0) as terminal:
        while b"division" not in said or not said.endswith(b"\n"):
            said += terminal.read(65_536)
    return said.decode()


def test_a_person_at_a_terminal_gets_plain_lines() -> None:
    said = on_terminal(production=False)
    first = said.splitlines()[0]
    assert "chunk_over" in first
    assert "outcome" in first
    assert "{" not in first
    assert "ZeroDivisionError" in said


def test_in_production_a_terminal_gets_json() -> None:
    first, second = map(json.loads, on_terminal(production=True).splitlines())
    assert (first["event"], first["outcome"]) == ("chunk_over", "failed")
    assert "ZeroDivisionError" in second["exception"]


@pytest.mark.parametrize("production", [True, False])
def test_a_program_gets_json(production: bool) -> None:
    done = subprocess.run([sys.executable, "-c", SAY % production], capture_output=True, text=True, check=True)
    assert [json.loads(line)["event"] for line in done.stderr.splitlines()] == ["chunk_over", "it broke"]


REFUSED = """
import logging, os
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
import django
django.setup()
from gravity.logs import configure
configure({"level": "INFO", "production": True})
from django.test import Client
client = Client()
assert client.get("/", headers={"Host": "example.com" + "m" * 60_000}).status_code == 400
form = {f"field{n}": 1 for n in range(2_000)}
assert client.post("/admin/login/", form, headers={"Host": "localhost"}).status_code == 400
"""


def test_a_request_that_is_refused_before_anybody_looks_at_it_is_a_short_line() -> None:
    done = subprocess.run([sys.executable, "-c", REFUSED], capture_output=True, text=True, check=True)
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    refused = [line for line in lines if line["logger"].startswith("django.security.")]
    assert [line["logger"].rpartition(".")[2] for line in refused] == ["DisallowedHost", "TooManyFieldsSent"]
    assert "Invalid HTTP_HOST header: 'example.com" in refused[0]["event"]
    for line in refused:
        assert line["level"] == "warning"
        assert "exception" not in line
        assert len(json.dumps(line)) < 1_000


def test_a_level_may_be_in_small_letters_and_another_word_names_the_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Any] = []
    monkeypatch.setattr("logging.config.dictConfig", made.append)
    monkeypatch.setattr(structlog, "configure", lambda **_: None)
    configure({"level": "debug"})
    assert made[0]["root"]["level"] == "DEBUG"
    with pytest.raises(ImproperlyConfigured, match="LOG_LEVEL"):
        configure({"level": "loud"})


AWAY = """
import os
os.environ["DATABASE_URL"] = "postgresql://gravity:secret@127.0.0.1:1/gravity"
os.environ |= {"DJANGO_SETTINGS_MODULE": "gravity.settings", "BROKER_URL": "redis://127.0.0.1:1/0"}
os.environ["DATABASE_POOL_SIZE"] = "0"
import django
django.setup()
import tasks
from datetime import timedelta
from celery.beat import Scheduler as InMemory
from gravity.celery import app
from gravity.logs import configure
from tasks.schedule import Scheduler
configure({"level": "WARNING", "production": True})
Scheduler.schedule_changed(Scheduler(app, lazy=True))
beat = InMemory(app, schedule={}, lazy=True)
entry = beat.Entry(name="due", task="tasks.maintenance.due", schedule=timedelta(seconds=1), app=app)
beat.apply_entry(entry)
"""


def test_beat_says_shortly_and_again_and_again_that_a_store_is_away() -> None:
    done = subprocess.run([sys.executable, "-c", AWAY], capture_output=True, text=True, check=True)
    database, broker = (json.loads(line) for line in done.stderr.splitlines())
    assert "connection to server at" in database["event"]
    assert broker["event"].startswith("Message Error: Couldn't apply scheduled task due: Error 111")
    for line in (database, broker):
        assert line["level"] == "error"
        assert "exception" not in line
        assert len(json.dumps(line)) < 700
