"""Without a key every request would be refused: both load tests say so before the first."""

import os
import subprocess

import pytest

from tests.chart.tools import ROOT, need


@pytest.mark.parametrize(
    "command", [("locust", "-f", "tests/load/locustfile.py", "--headless"), ("k6", "run", "tests/load/k6-load-test.js")]
)
def test_a_missing_key_is_said(command: tuple[str, ...]) -> None:
    env = {name: value for name, value in os.environ.items() if name != "API_KEY"}
    done = subprocess.run(
        [need(command[0]), *command[1:]], cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode != 0
    assert "API_KEY is not set" in done.stdout + done.stderr
