"""The supervisor with real processes: one fate for all parts, and nothing left behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from gravity.local.errors import Fault
from gravity.local.process_spec import ProcessSpec
from gravity.local.supervisor import ROOT, Supervisor


class Crew:
    """The crew program under test."""

    def __init__(self, logs: Path, *names: str) -> None:
        self.logs = logs
        self.names = names
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.gravity.local.crew", str(logs), *names],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def up(self) -> list[int]:
        """Wait until all parts run and return the ids of their processes and of their children."""
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "up\n"
        files = [self.logs / f"{name}.pids" for name in self.names]
        eventually(lambda: all(file.exists() and file.read_text().endswith("\n") for file in files))
        return [int(pid) for file in files for pid in file.read_text().split()]

    def end(self, timeout: float = 15) -> tuple[int, float, str]:
        """Wait for the program's end and return its exit code, the seconds it took, and its last words."""
        began = time.monotonic()
        _, errors = self.process.communicate(timeout=timeout)
        return self.process.returncode, time.monotonic() - began, errors


def eventually(condition: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.02)


def runs(pid: int) -> bool:
    """Tell whether a process runs; a zombie nobody has collected does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_stops_every_part_and_its_children(tmp_path: Path, number: signal.Signals) -> None:
    crew = Crew(tmp_path, "parent", "store")
    pids = crew.up()
    assert len(pids) == 4
    assert all(map(runs, pids))
    crew.process.send_signal(number)
    code, seconds, _ = crew.end()
    assert code == 0
    assert seconds < 5
    assert not any(map(runs, pids))


def test_a_part_that_ignores_sigterm_is_killed_within_ten_seconds(tmp_path: Path) -> None:
    crew = Crew(tmp_path, "stubborn", "parent", "store")
    pids = crew.up()
    crew.process.terminate()
    code, seconds, _ = crew.end()
    assert code == 0
    assert 6 < seconds < 10
    assert not any(map(runs, pids))


def test_a_second_signal_does_not_wait_for_anybody(tmp_path: Path) -> None:
    crew = Crew(tmp_path, "stubborn", "store")
    pids = crew.up()
    crew.process.send_signal(signal.SIGINT)
    time.sleep(0.3)
    crew.process.send_signal(signal.SIGINT)
    code, seconds, _ = crew.end()
    assert code == 0
    assert seconds < 4
    assert not any(map(runs, pids))


def test_a_crash_ends_all_and_names_the_part_with_its_last_lines(tmp_path: Path) -> None:
    crew = Crew(tmp_path, "parent", "crash")
    pids = crew.up()
    code, _, errors = crew.end()
    assert code == 1
    assert errors.startswith("crash stopped with exit code 7.")
    assert str(tmp_path / "crash.log") in errors
    assert errors.endswith("    before the end\n    the reason\n")
    assert not any(map(runs, pids))


def test_a_killed_part_is_a_crash(tmp_path: Path) -> None:
    crew = Crew(tmp_path, "parent", "store")
    pids = crew.up()
    os.kill(pids[2], signal.SIGKILL)
    code, _, errors = crew.end()
    assert code == 1
    assert errors.startswith("store was ended by SIGKILL.")
    assert not any(map(runs, pids))


def test_a_full_disk_is_one_line(tmp_path: Path) -> None:
    code, _, errors = Crew(tmp_path, "full").end()
    assert code == 1
    assert errors == f"full stopped with exit code 1: The disk under {tmp_path} is full; make room and start again.\n"


def test_a_part_that_ends_is_started_again_and_the_person_is_told(tmp_path: Path) -> None:
    crew = Crew(tmp_path, "parent", "+once")
    eventually(lambda: (tmp_path / "once.pids").exists() and len((tmp_path / "once.pids").read_text().split()) == 2)
    crew.process.terminate()
    code, _, errors = crew.end()
    assert code == 0
    assert errors.startswith("once stopped with exit code 7.")
    assert errors.endswith("It is started again (1 of 3).\n")
    assert not any(runs(int(pid)) for file in tmp_path.glob("*.pids") for pid in file.read_text().split())


def test_a_part_that_ends_while_another_is_started_again_is_started_again_too(tmp_path: Path) -> None:
    crew = Crew(tmp_path, "+once", "+later")
    eventually(lambda: len("".join(file.read_text() for file in tmp_path.glob("*.pids")).split()) == 4)
    crew.process.terminate()
    code, _, errors = crew.end()
    assert code == 0
    assert errors.count("It is started again (1 of 3).") == 2


def test_one_that_goes_on_ending_is_given_up(tmp_path: Path) -> None:
    crew = Crew(tmp_path, "parent", "+crash")
    code, _, errors = crew.end(60)
    assert code == 1
    assert [line for line in errors.splitlines() if line.startswith("It is")] == [
        f"It is started again ({n} of 3)." for n in (1, 2, 3)
    ]
    assert errors.endswith("    before the end\n    the reason\n")


def test_nothing_outlives_a_killed_supervisor(tmp_path: Path) -> None:
    crew = Crew(tmp_path, "parent", "stubborn", "store")
    pids = crew.up()
    crew.process.kill()
    crew.end()
    eventually(lambda: not any(map(runs, pids)))


def test_complete_returns_the_output_and_keeps_the_log_apart(tmp_path: Path) -> None:
    with Supervisor(tmp_path) as supervisor:
        said = supervisor.complete(ProcessSpec("step", ("sh", "-c", "echo result; echo detail >&2")), seconds=10)
    assert said == "result\n"
    assert (tmp_path / "step.log").read_text() == "detail\n"


def test_complete_reports_a_step_that_failed(tmp_path: Path) -> None:
    with Supervisor(tmp_path) as supervisor, pytest.raises(Fault, match="step stopped with exit code 3"):
        supervisor.complete(ProcessSpec("step", ("sh", "-c", "exit 3")), seconds=10)


def test_complete_ends_a_step_that_takes_too_long(tmp_path: Path) -> None:
    with Supervisor(tmp_path) as supervisor:
        with pytest.raises(Fault, match="step did not finish within 0 seconds"):
            supervisor.complete(ProcessSpec("step", ("sleep", "600")), seconds=0.2)
        pid = supervisor.running["step"][1].pid
    assert not runs(pid)


def test_the_log_of_the_last_run_stays_readable(tmp_path: Path) -> None:
    for word in ("first", "second"):
        with Supervisor(tmp_path) as supervisor:
            supervisor.complete(ProcessSpec("step", ("sh", "-c", f"echo {word} >&2")), seconds=10)
    assert (tmp_path / "step.log").read_text() == "second\n"
    assert (tmp_path / "step.log.1").read_text() == "first\n"


def test_a_part_can_be_killed_and_started_again(tmp_path: Path) -> None:
    script = f"sleep 600 & echo $$ $! > {tmp_path}/pids; wait"
    with Supervisor(tmp_path) as supervisor:
        supervisor.start(ProcessSpec("parent", ("sh", "-c", script)))
        pids: list[int] = []
        for _ in range(2):
            eventually(lambda: (tmp_path / "pids").exists() and (tmp_path / "pids").read_text().endswith("\n"))
            pids += [int(pid) for pid in (tmp_path / "pids").read_text().split()]
            (tmp_path / "pids").unlink()
            supervisor.check()
            part = supervisor.kill("parent")
            assert not any(map(runs, pids))
            supervisor.check()
            supervisor.start(part)
    assert len(set(pids)) == 4
