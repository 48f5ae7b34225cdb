"""All tests in three passes: what keeps the machine busy in two processes, what waits in three, and the rest in one.

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
SYSTEMS = ("--pass=systems", "--numprocesses=3", *BY_FILE)
ALONE = ("--pass=alone", "--numprocesses=0")
INTERRUPTED, NO_TESTS = 2, 5


def run(*arguments: str) -> int:
    """Run pytest, hand signals on to it, print what it took and return its exit code."""
    began, before = time.monotonic(), os.times()
    process = subprocess.Popen([sys.executable, "-m", "pytest", "--durations=10", *arguments])
    # Ctrl-C reaches the whole group by itself; this process waits for what pytest has to put away.
    signal.signal(signal.SIGINT, lambda *_: None)
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    code = process.wait()
    after = os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    name = next(word.partition("=")[2] for word in arguments if word.startswith("--pass="))
    print(f"── pass {name}: {time.monotonic() - began:.0f} s, {spent:.0f} s of the processors ──", flush=True)
    return code


def verdict(codes: Sequence[int]) -> int:
    """Return the first failure; a pass without a test is one only if every pass is."""
    failures = [code for code in codes if code not in (0, NO_TESTS)]
    return failures[0] if failures else min(codes)


def main(arguments: Sequence[str]) -> int:
    """Make all passes, also after failures of one."""
    # The number of processes comes after the arguments in the last, which no argument may make parallel.
    passes = ((*TOGETHER, *arguments), (*SYSTEMS, *arguments), (*arguments, *ALONE))
    codes: list[int] = []
    said = ""
    # What another run has left behind, such as the mounts of a build that was cut off, is not this one's to put away.
    with tempfile.TemporaryDirectory(prefix="gravity-tests-", ignore_cleanup_errors=True) as folder:
        os.environ["PYTEST_DEBUG_TEMPROOT"] = folder
        failures = Path(folder, "failures")
        for told in passes:
            codes.append(run(*told, f"--failures={failures}"))
            if codes[-1] == INTERRUPTED:
                break
        if failures.exists():
            said = failures.read_text()
    if said:
        print("── what failed ──", said, sep="\n", end="", flush=True)
    return verdict(codes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
