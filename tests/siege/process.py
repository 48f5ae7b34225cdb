"""What a process and its children have used, as the kernel tells."""

import os
from contextlib import suppress
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


def family(pid: int) -> list[int]:
    """Return a process and all that it has started."""
    children: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(FileNotFoundError):  # a thread that has ended meanwhile
            children += map(int, (task / "children").read_text().split())
    return [pid, *(one for child in children for one in family(child))]


def cpu_seconds(pid: int) -> float:
    """Return the time that they have computed."""
    fields = (Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split() for one in family(pid))
    return sum(int(field[11]) + int(field[12]) for field in fields) / TICK


def memory(pid: int, what: str = "VmRSS") -> float:
    """Return the megabytes that they hold, or (VmHWM) held at most since `forget_peak`."""
    lines = (Path(f"/proc/{one}/status").read_text().partition(f"{what}:")[2].split() for one in family(pid))
    return sum(int(line[0]) for line in lines) / 1024


def forget_peak(pid: int) -> None:
    """Let the most that they have held be what they hold now."""
    for one in family(pid):
        Path(f"/proc/{one}/clear_refs").write_text("5")
