"""Process groups: each part leads one, so its children can be found and ended with it.

Run as a program, this file is the supervisor's lifeline: a process in a session of its own that is told of
every group on standard input ("+123" started, "-123" ended). The kernel closes that pipe when the supervisor
ends, however it ends; then the lifeline ends what still runs. It imports nothing of the project, so it starts
at once.
"""

import contextlib
import os
import signal
import sys
import time
from pathlib import Path

GRACE_SECONDS = 6.0


def end(leader: int) -> None:
    """Ask the leader of a group to stop; it stops its own children in its own order."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(leader, signal.SIGTERM)


def kill_group(leader: int) -> None:
    """Kill whatever is left of a group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def alive(leader: int) -> bool:
    """Tell whether a group has a process that is more than a zombie nobody has collected."""
    try:
        os.killpg(leader, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # it runs as another user
    if not Path("/proc/self/stat").exists():
        return True
    return any(_member(stat, leader) for stat in Path("/proc").glob("[0-9]*/stat"))


def _member(stat: Path, leader: int) -> bool:
    try:
        state, _parent, group = stat.read_text().rpartition(") ")[2].split()[:3]
    except (OSError, ValueError):
        return False
    return int(group) == leader and state not in "ZX"


def watch() -> set[int]:
    """Follow the supervisor's messages until it closes the pipe and return the groups that still run."""
    groups: set[int] = set()
    for line in sys.stdin:
        pid = int(line[1:])
        if line.startswith("+"):
            groups.add(pid)
        else:
            groups.discard(pid)
    return groups


def clear(groups: set[int]) -> None:
    """Ask every group to end, give it a grace period, and kill what is left."""
    for pid in groups:
        end(pid)
    deadline = time.monotonic() + GRACE_SECONDS
    while any(map(alive, groups)) and time.monotonic() < deadline:
        time.sleep(0.05)
    for pid in groups:
        kill_group(pid)


if __name__ == "__main__":
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    clear(watch())
