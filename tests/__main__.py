"""All tests in three passes: what keeps the machine busy, beside it whole systems, which wait, and then the rest alone.

A few that fail beside others are tried once more, alone: it may have been the others' load. That is said at the end.

    python -m tests [arguments of pytest]

The arguments may leave passes without a test, but not all of them.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.failures import AFTER_NAME

# A file's tests stay in one process, where what they share is made once; the order is the one of tests/passes.py.
BY_FILE = ("--dist=loadfile", "--no-loadscope-reorder")
TOGETHER = ("--pass=together", "--numprocesses=2", *BY_FILE)
# Processes of other names than those of the pass beside it, which would have the same databases: gw0 and gw1.
SYSTEMS = ("--pass=systems", *(f"--tx=popen//id=gw{number}" for number in (2, 3, 4)), *BY_FILE)
PLAIN = ("--numprocesses=0",)
ALONE = ("--pass=alone", *PLAIN)
FAILED, INTERRUPTED, NO_TESTS = 1, 2, 5
# More than these are no accident, and neither is what fails again.
FEW = 5
# What computes has at least a quarter of a core that a system wants as well, and all of what those leave.
BEHIND = 5


class Pass:
    """pytest over the tests of one pass; `aside`, a file, has what it says until it is over."""

    def __init__(self, *arguments: str, aside: Path | None = None, behind: int = 0) -> None:
        self.name = next((word.partition("=")[2] for word in arguments if word.startswith("--pass=")), "again")
        self._began, self._aside = time.time(), aside
        command = [sys.executable, "-m", "pytest", "--durations=10", *arguments]
        if aside is None:
            self.process = subprocess.Popen(["nice", "-n", str(behind), *command])
        else:
            with aside.open("wb") as out:
                self.process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)

    def code(self) -> int:
        """Wait for its end, print what it said aside and what it took, and return its exit code."""
        # A process's time counts as this one's children's once it has been waited for, and no sooner.
        before = os.times()
        code = self.process.wait()
        after, ended = os.times(), time.time()
        spent = after.children_user + after.children_system - before.children_user - before.children_system
        if self._aside is not None:
            print(self._aside.read_text(errors="replace"), end="")
            ended = self._aside.stat().st_mtime  # with its last words, and others may have been waited for since
        print(f"── pass {self.name}: {ended - self._began:.0f} s, {spent:.0f} s of the processors ──", flush=True)
        return code


def verdict(codes: Sequence[int]) -> int:
    """Return the first failure; a pass without a test is one only if every pass is."""
    failures = [code for code in codes if code not in (0, NO_TESTS)]
    return failures[0] if failures else min(codes)


def lines(file: Path) -> list[str]:
    """Return what the passes have written down of failures."""
    return file.read_text().splitlines() if file.exists() else []


def say(title: str, failures: Sequence[str]) -> None:
    """Print failures, if there are any."""
    if failures:
        print(f"── {title} ──", *(line.replace(AFTER_NAME, " ") for line in failures), sep="\n", flush=True)


def few(failures: Sequence[str]) -> list[str]:
    """Return the tests that failed, if they are few and nothing else did."""
    tests = list(dict.fromkeys(line.partition(AFTER_NAME)[0] for line in failures if AFTER_NAME in line))
    return tests if len(tests) <= FEW and all(AFTER_NAME in line for line in failures) else []


def again(arguments: Sequence[str], beside: Sequence[str], repeated: Path, under_way: list[Pass]) -> list[str]:
    """Try a few tests that failed beside others once more, alone, and return what has failed after all."""
    if not (tests := few(beside)):
        return list(beside)
    under_way[:] = [Pass(*arguments, f"--failures={repeated}", *(f"--again={one}" for one in tests), *PLAIN)]
    if under_way[0].code() not in (0, FAILED):
        return list(beside)
    failed = lines(repeated)
    names = {line.partition(AFTER_NAME)[0] for line in failed}
    say(
        "what failed beside others and passed alone",
        [one for one in beside if one.partition(AFTER_NAME)[0] not in names],
    )
    return failed


def main(arguments: Sequence[str]) -> int:
    """Make all passes, also after failures of one."""
    under_way: list[Pass] = []
    # Ctrl-C reaches the whole group by itself; this process waits for what pytest has to put away.
    signal.signal(signal.SIGINT, lambda *_: None)
    signal.signal(signal.SIGTERM, lambda *_: [one.process.terminate() for one in under_way])
    # What another run has left behind, such as the mounts of a build that was cut off, is not this one's to put away.
    with tempfile.TemporaryDirectory(prefix="gravity-tests-", ignore_cleanup_errors=True) as folder:
        os.environ["PYTEST_DEBUG_TEMPROOT"] = folder
        failures = Path(folder, "failures")
        told = (*arguments, f"--failures={failures}")
        under_way.append(Pass(*TOGETHER, *told, behind=BEHIND))
        under_way.append(Pass(*SYSTEMS, *told, aside=Path(folder, "systems.log")))
        codes = [one.code() for one in under_way]
        failed = beside = lines(failures)
        if INTERRUPTED not in codes:
            # The number of processes comes after the arguments, which no argument may make parallel.
            under_way[:] = [Pass(*told, *ALONE)]
            codes.append(under_way[0].code())
            after_all = again(arguments, beside, Path(folder, "again"), under_way)
            failed = after_all + lines(failures)[len(beside) :]
            if not after_all:
                codes = [0 if one == FAILED else one for one in codes[:-1]] + codes[-1:]
    say("what failed", failed)
    return verdict(codes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
