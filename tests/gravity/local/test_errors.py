"""Faults of the machine, each one line with a remedy."""

import errno
import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from gravity.local.environment import Ports
from gravity.local.errors import Fault, explain, require_free_space
from gravity.local.startup import claimed
from gravity.local.supervisor import ROOT


def run_local(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "gravity.local", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("variable", ["API_PORT", "FLOWER_PORT"])
def test_run_refuses_a_busy_port_in_one_line_before_it_makes_anything(tmp_path: Path, variable: str) -> None:
    ports = Ports.free()
    free = {"API_PORT": str(ports.api), "FLOWER_PORT": str(ports.flower)}
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        busy = listener.getsockname()[1]
        done = run_local("run", **{**free, variable: str(busy), "DATA_DIR": str(tmp_path / "data")})
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith(f"gravity: Port {busy} (")
    assert done.stderr.endswith(f"{variable}=…\n")
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "data").exists()


def test_run_refuses_what_is_not_a_port() -> None:
    done = run_local("run", API_PORT="http")
    assert (done.returncode, done.stderr) == (1, "gravity: API_PORT=http is not a port.\n")


def test_run_refuses_a_data_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    ports = Ports.free()
    data = tmp_path / "file" / "data"
    done = run_local("run", API_PORT=str(ports.api), FLOWER_PORT=str(ports.flower), DATA_DIR=str(data))
    assert done.returncode == 1
    assert done.stderr == (f"gravity: {data} cannot be made: Not a directory; choose another folder with DATA_DIR=…\n")


def test_too_little_space_is_told_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(Fault, match=r"needed are free on this disk; make room"):
        require_free_space(tmp_path / "not" / "yet", needed=1 << 60)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_names_the_file_that_could_not_be_written() -> None:
    with pytest.raises(OSError, match="No space") as caught, open("/dev/full", "w") as full:
        full.write("x")
    assert caught.value.errno == errno.ENOSPC
    assert str(explain(caught.value, Path("data"))) == "The disk under data is full; make room and start again."


def test_a_data_folder_has_one_system_at_a_time(tmp_path: Path) -> None:
    claim = f"""
from pathlib import Path
from gravity.local.errors import Fault
from gravity.local.startup import claimed
try:
    with claimed(Path({str(tmp_path)!r})): print("mine")
except Fault as fault:
    print(fault)
"""
    command = [sys.executable, "-c", claim]
    with claimed(tmp_path):
        second = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    third = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert second.stdout.startswith(f"{tmp_path} belongs to a local system that is running")
    assert third.stdout == "mine\n"


def test_services_pass_on_the_commands_exit_code_and_leave_nothing(tmp_path: Path) -> None:
    pytest.importorskip("psycopg")
    script = "import json, os; print(json.dumps({n: os.environ[n] for n in ('DATABASE_URL', 'BROKER_URL')})); exit(3)"
    done = subprocess.run(
        [sys.executable, "-m", "gravity.local.services", "--", sys.executable, "-c", script],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if "apt install" in done.stderr:
        assert done.returncode == 1
        assert done.stderr.count("\n") == 1
        return
    assert (done.returncode, done.stderr) == (3, "")
    urls = json.loads(done.stdout)
    assert urls["DATABASE_URL"].startswith("postgresql://")
    for url in urls.values():
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", int(url.rsplit(":", 1)[1].split("/")[0])), timeout=1)
