"""What log lines look like: JSON for programs, plain for a person at a terminal who is not in production."""

import json
import os
import pty
import subprocess
import sys

import pytest

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
