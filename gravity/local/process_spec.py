"""One supervised process: how it is started, where it writes, how its end is told."""

import os
import signal
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from gravity.local.errors import full_disk, has_no_room, speaks_of_full_disk

TAIL_LINES = 12
TAIL_BYTES = 16_384


@dataclass(frozen=True)
class ProcessSpec:
    """One supervised process."""

    name: str
    command: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    store: bool = False  # stores stop last
    user: str | None = None


def tail(path: Path, count: int = TAIL_LINES) -> list[str]:
    """Return the last lines of a log without reading the whole of it."""
    try:
        with path.open("rb") as log:
            log.seek(max(0, path.stat().st_size - TAIL_BYTES))
            lines = log.read().decode(errors="replace").splitlines()
            return [line for line in lines if line.strip()][-count:]
    except OSError:
        return []


def ending(code: int) -> str:
    """Say how a process ended: by itself or by a signal."""
    return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"stopped with exit code {code}"


def report(name: str, what: str, log: Path) -> str:
    """Say what became of a part, with its last words."""
    lines = tail(log)
    if speaks_of_full_disk(lines) or has_no_room(log.parent):
        return f"{name} {what}: {full_disk(log.parent)}"
    return "\n".join([f"{name} {what}. The last lines of {log}:", *(f"    {line}" for line in lines or ["(none)"])])
