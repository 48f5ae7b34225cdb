"""The process that trains, as it is seen from the one that waits for it."""

import json
import os
import select
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings

from forecasts.errors import TrainingLost, TrainingRefused, TrainingStopped

log = structlog.get_logger(__name__)

PROGRAM = "ml.training_process"
LOOK_SECONDS = 0.5
ERROR_CHARACTERS = 4_000
OUT_OF_MEMORY = "out_of_memory"
Process = subprocess.Popen[bytes]
Tell = Callable[[str, int, int], None]


def run(folder: Path, *, should_continue: Callable[[], bool], tell: Tell) -> dict[str, Any]:
    """Train on what is in the folder, and return what was made: sha256 of its card, events, failed gates.

    `tell` hears stage, how much of it is done, and of how much. The process never outlives this one, nor a no of
    should_continue(), which is asked all the while: TrainingStopped. Raises TrainingRefused, MemoryError, TrainingLost,
    and RuntimeError with what it said for a fault of ours.
    """
    errors = folder / "errors"
    with errors.open("wb") as file, _started(folder, file) as process:
        log.info("training_began", process=process.pid)
        try:
            made = _heard(process, should_continue, tell)
            code = process.wait()
        finally:
            process.kill()
    log.info("training_over", process=process.pid, code=code)
    if code < 0:
        raise TrainingLost(f"The training process was ended by signal {-code}.")
    if made is None:
        raise RuntimeError(f"Training ended with {code}: {errors.read_text(errors='replace')[-ERROR_CHARACTERS:]}")
    return made


def _started(folder: Path, errors: Any) -> Process:
    return subprocess.Popen(  # noqa: S603 (ours, on a folder of ours)
        [sys.executable, "-m", PROGRAM, str(folder)],
        cwd=settings.BASE_DIR,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
    )


def _heard(process: Process, should_continue: Callable[[], bool], tell: Tell) -> dict[str, Any] | None:
    made: dict[str, Any] | None = None
    for line in _lines(process, should_continue):
        said = json.loads(line)
        if said.get("refused") == OUT_OF_MEMORY:
            raise MemoryError(said["detail"])
        if "refused" in said:
            raise TrainingRefused(said["refused"], said["detail"], found=said.get("found"), needed=said.get("needed"))
        if "made" in said:
            made = said["made"]
        else:
            tell(said["stage"], said["done"], said["total"])
    return made


def _lines(process: Process, should_continue: Callable[[], bool]) -> Iterator[bytes]:
    """Yield the lines of its output as they come, until there are no more."""
    assert process.stdout is not None  # noqa: S101 (it is a pipe)
    handle, rest = process.stdout.fileno(), b""
    while True:
        if not should_continue():
            raise TrainingStopped
        if not select.select([handle], [], [], LOOK_SECONDS)[0]:
            continue
        block = os.read(handle, 65_536)
        if not block:
            return
        *lines, rest = (rest + block).split(b"\n")
        yield from lines
