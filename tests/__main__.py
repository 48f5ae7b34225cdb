"""All tests in three passes: what keeps the machine busy, beside it whole systems, which wait, and then the rest alone.

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

# A file's tests stay in one process, where what they share is made once; the order is the one of tests/passes.py.
BY_FILE = ("--dist=loadfile", "--no-loadscope-reorder")
TOGETHER = ("--pass=together", "--numprocesses=2", *BY_FILE)
# Processes of other names than those of the pass beside it, which would have the same databases: gw0 and gw1.
SYSTEMS = ("--pass=systems", *(f"--tx=popen//id=gw{number}" for number in (2, 3, 4)), *BY_FILE)
ALONE = ("--pass=alone", "--numprocesses=0")
INTERRUPTED, NO_TESTS = 2, 5
# What computes has at least a quarter of a core that a system wants as well, and all of what those leave.
BEHIND = 5


class Pass:
    """pytest over the tests of one pass; `aside`, a file, has what it says until it is over."""

    def __init__(self, *arguments: str, aside: Path | None = None, behind: int = 0) -> None:
        self.name = next(word.partition("=")[2] for word in arguments if word.startswith("--pass="))
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


def main(arguments: Sequence[str]) -> int:
    """Make all passes, also after failures of one."""
    said = ""
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
        if INTERRUPTED not in codes:
            # The number of processes comes after the arguments, which no argument may make parallel.
            under_way[:] = [Pass(*told, *ALONE)]
            codes.append(under_way[0].code())
        if failures.exists():
            said = failures.read_text()
    if said:
        print("── what failed ──", said, sep="\n", end="", flush=True)
    return verdict(codes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
