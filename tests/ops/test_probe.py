"""The probe of processes without a port."""

import os
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from ops import components


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
