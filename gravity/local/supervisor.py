"""Run the parts of the local system together: one log each, one fate for all, nothing left behind.

Ready-made ones (honcho) start everything at once, keep the main thread for themselves and leave their
children running when they are killed; hence this small one over the standard library.
"""

import contextlib
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType, TracebackType
from typing import NoReturn

from gravity.local import process_groups
from gravity.local.errors import Fault, Stopped
from gravity.local.process_spec import ProcessSpec, ending, report
from gravity.local.restarts import Restarts

ROOT = Path(__file__).resolve().parent.parent.parent
TICK_SECONDS = 0.05
RESTART_SECONDS = 1.0
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# Nine seconds at the most, within the promised ten: first everything that works, then the stores it works on.
STOP_SECONDS = (7.0, 2.0)


class Supervisor:
    """Starts parts, watches them, and stops them all within ten seconds."""

    def __init__(self, logs: Path) -> None:
        self.logs = logs
        self.running: dict[str, tuple[ProcessSpec, subprocess.Popen[bytes]]] = {}
        self.signals = 0
        self._lifeline: subprocess.Popen[str] | None = None

    def __enter__(self) -> "Supervisor":
        self.logs.mkdir(parents=True, exist_ok=True)
        self._handlers = {number: signal.signal(number, self._count_signal) for number in STOP_SIGNALS}
        self._lifeline = subprocess.Popen(
            [sys.executable, "-I", "-S", process_groups.__file__],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
            text=True,
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        for number, previous in self._handlers.items():
            signal.signal(number, previous)

    def _count_signal(self, _number: int, _frame: FrameType | None) -> None:
        # Only counted here: raising inside a start would lose track of the process being started.
        self.signals += 1

    def log(self, name: str) -> Path:
        """Return the log file of a part."""
        return self.logs / f"{name}.log"

    def start(self, part: ProcessSpec, stdout: int | None = None) -> subprocess.Popen[bytes]:
        """Start a part as the leader of its own group, its output in its own log."""
        path = self.log(part.name)
        if path.exists():
            path.replace(path.with_suffix(".log.1"))  # the last run stays readable, and logs do not grow for ever
        with path.open("wb") as log:
            # Standard input is nobody's: a part must not read the terminal.
            process = subprocess.Popen(
                part.command,
                cwd=ROOT,
                env=dict(part.env),
                stdin=subprocess.DEVNULL,
                stdout=log if stdout is None else stdout,
                stderr=log,
                start_new_session=True,
                user=part.user,
            )
        self._tell(f"+{process.pid}")
        self.running[part.name] = (part, process)
        return process

    def complete(self, part: ProcessSpec, seconds: float) -> str:
        """Run a part to its end and return what it wrote to standard output."""
        process = self.start(part, subprocess.PIPE)
        deadline = time.monotonic() + seconds
        while process.poll() is None:
            if time.monotonic() > deadline:
                raise Fault(report(part.name, f"did not finish within {seconds:.0f} seconds", self.log(part.name)))
            self.pause()
        output = self._forget(part.name)
        if process.returncode:
            raise Fault(report(part.name, ending(process.returncode), self.log(part.name)))
        return output

    def kill(self, name: str) -> ProcessSpec:
        """Kill a part and its children with no chance to tidy up, and return it so that it can start again."""
        part, process = self.running[name]
        process_groups.kill_group(process.pid)
        self._forget(name)
        return part

    def check(self) -> None:
        """Raise if a part has ended by itself or the person asked for the end."""
        if self.signals:
            raise Stopped
        for name, code in self._ended():
            raise Fault(report(name, ending(code), self.log(name)))

    def _ended(self) -> list[tuple[str, int]]:
        """Return the parts that have ended by themselves, with their exit codes."""
        codes = {name: process.poll() for name, (_, process) in self.running.items() if process.stdout is None}
        return [(name, code) for name, code in codes.items() if code is not None]

    def wait(
        self, ready: Callable[[], bool], seconds: float, what: str, progress: Callable[[], object] = lambda: None
    ) -> None:
        """Wait for a condition while watching every part; what says that it goes on is given its time again."""
        seen, deadline = progress(), time.monotonic() + seconds
        while not ready():
            if (now := progress()) != seen:
                seen, deadline = now, time.monotonic() + seconds
            if time.monotonic() > deadline:
                raise Fault(f"{what} within {seconds:.0f} seconds; the logs are in {self.logs}.")
            self.pause()

    def pause(self) -> None:
        """Let a moment pass while watching every part."""
        self.check()
        time.sleep(TICK_SECONDS)

    def stay(self, restarts: Restarts | None = None, tell: Callable[[str], None] = print) -> NoReturn:
        """Stay up until the person asks for the end or a part fails; more than once, where it may be started again."""
        while True:
            if restarts is None:
                self.check()
            else:
                self._start_again(restarts, tell)
            time.sleep(TICK_SECONDS)

    def _start_again(self, restarts: Restarts, tell: Callable[[str], None]) -> None:
        """Start what has ended again, instead of check(): parts end together, and while another is started."""
        for name, code in self._ended():
            if self.signals:
                break
            if (count := restarts.take(name)) is None:
                raise Fault(report(name, ending(code), self.log(name)))
            tell(report(name, ending(code), self.log(name)))
            tell(f"It is started again ({count} of {restarts.most}).")
            part = self.kill(name)  # whatever children it left
            time.sleep(RESTART_SECONDS)
            self.start(part)
        if self.signals:
            raise Stopped

    def stop(self) -> None:
        """Stop all parts, those that work before the stores; a second signal kills at once."""
        patience = max(self.signals, 1)
        for stores, seconds in zip((False, True), STOP_SECONDS, strict=True):
            names = [name for name, (part, _) in self.running.items() if part.store is stores]
            for name in names:
                process_groups.end(self.running[name][1].pid)
            self._collect(names, seconds, patience)
        if self._lifeline:
            assert self._lifeline.stdin is not None  # noqa: S101 - opened as a pipe above
            self._lifeline.stdin.close()
            self._lifeline.wait()
            self._lifeline = None

    def _collect(self, names: list[str], seconds: float, patience: int) -> None:
        deadline = time.monotonic() + seconds
        leaders = [self.running[name][1] for name in names]
        while any(leader.poll() is None for leader in leaders):
            if time.monotonic() > deadline or self.signals > patience:
                break
            time.sleep(TICK_SECONDS)
        for name in names:
            self._forget(name)

    def _forget(self, name: str) -> str:
        # Also kills after a clean end: a leader that died may have left children in its group.
        _, process = self.running.pop(name)
        deadline = time.monotonic() + 1
        while (process.poll() is None or process_groups.alive(process.pid)) and time.monotonic() < deadline:
            process_groups.kill_group(process.pid)
            time.sleep(0.01)
        self._tell(f"-{process.pid}")
        if process.stdout is None:
            return ""
        with process.stdout as output:
            return output.read().decode()

    def _tell(self, message: str) -> None:
        if self._lifeline and self._lifeline.stdin:
            with contextlib.suppress(BrokenPipeError):
                self._lifeline.stdin.write(message + "\n")
                self._lifeline.stdin.flush()
