"""The load tests, as the guide calls them: with API_KEY and HOST in the environment, every request is answered."""

import csv
import json
import os
import subprocess
from pathlib import Path

from tests.chart.tools import ROOT, need
from tests.e2e.conftest import Running


def told(system: Running) -> dict[str, str]:
    """Return what the guide exports."""
    return {**os.environ, "API_KEY": system.key, "HOST": system.local.api}


def run(system: Running, *command: str, **more: str) -> str:
    """Run one; its thresholds, which the machine keeps or does not, are not asked about."""
    env = told(system) | more
    done = subprocess.run(
        [need(command[0]), *command[1:]], cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=120
    )
    return done.stdout + done.stderr


def test_locust(system: Running, tmp_path: Path) -> None:
    # A run's time is counted from before its first request, so it is more than a busy machine needs to begin.
    more = ("--headless", "--users", "2", "--run-time", "10s", "--csv", f"{tmp_path}/of")
    said = run(system, "locust", "-f", "tests/load/locustfile.py", *more)
    with (tmp_path / "of_stats.csv").open() as table:
        (whole,) = [row for row in csv.DictReader(table) if row["Name"] == "Aggregated"]
    assert int(whole["Request Count"]) > 0, said
    assert int(whole["Failure Count"]) == 0, said


def test_k6(system: Running, tmp_path: Path) -> None:
    summary = tmp_path / "summary.json"
    more = ("--no-usage-report", "--summary-export", str(summary))
    said = run(system, "k6", "run", *more, "tests/load/k6-load-test.js", VUS="1", DURATION="3s")
    metrics = json.loads(summary.read_text())["metrics"]
    assert metrics["http_reqs"]["count"] > 0, said
    assert metrics["http_req_failed"]["passes"] == 0, said
    assert metrics["checks"]["fails"] == 0, said
