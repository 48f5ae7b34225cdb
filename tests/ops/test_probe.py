"""The probe of processes without a port."""

import os
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from ops import components
from tests.architecture.contract import ROOT


@pytest.fixture
def heartbeats(tmp_path: Path, settings: Any) -> Path:
    settings.HEARTBEAT_DIR = tmp_path
    return tmp_path


def touched(path: Path, seconds_ago: float) -> None:
    path.touch()
    moment = time.time() - seconds_ago
    os.utime(path, (moment, moment))


@pytest.mark.parametrize("process", ["worker", "beat"])
def test_a_fresh_sign_of_life_passes(heartbeats: Path, process: str) -> None:
    touched(heartbeats / process, 5)
    call_command("probe", process)
    assert components.process(process).status == "ok"


def shell(heartbeats: Path, *process: str) -> "subprocess.CompletedProcess[str]":
    """Ask as a container does, without Python."""
    environment = {"PATH": os.environ["PATH"], "HEARTBEAT_DIR": str(heartbeats)}
    command = ["sh", str(ROOT / "docker" / "probe.sh"), *process]
    return subprocess.run(command, env=environment, capture_output=True, text=True)


@pytest.mark.parametrize("process", ["worker", "beat"])
def test_a_container_asks_the_same_without_starting_the_program(heartbeats: Path, process: str) -> None:
    assert (shell(heartbeats, process).returncode, shell(heartbeats, process).stderr) == (
        1,
        f"{process}: there is no heartbeat file.\n",
    )
    touched(heartbeats / process, 30)
    assert shell(heartbeats, process).returncode == 0
    touched(heartbeats / process, 90)
    assert "silent" in shell(heartbeats, process).stderr
    assert "usage" in shell(heartbeats).stderr


def test_a_probe_costs_next_to_nothing(heartbeats: Path) -> None:
    touched(heartbeats / "worker", 1)
    before = os.times()
    for _ in range(10):
        shell(heartbeats, "worker")
    spent = sum(os.times()[2:4]) - sum(before[2:4])
    assert spent < 10 * 0.02


def test_silence_and_absence_fail(heartbeats: Path) -> None:
    assert components.process("beat").status == "unseen"
    with pytest.raises(CommandError, match="no heartbeat file"):
        call_command("probe", "beat")
    touched(heartbeats / "beat", 90)
    assert components.process("beat").status == "silent"
    with pytest.raises(CommandError, match="silent for 90 s"):
        call_command("probe", "beat")
    call_command("probe", "beat", "--max-age", "120")


def test_only_known_processes(heartbeats: Path) -> None:
    with pytest.raises(CommandError):
        call_command("probe", "../../etc/passwd")
