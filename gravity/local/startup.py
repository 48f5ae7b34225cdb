"""Bring a local system up: stores first, then the data, then everything that stands on them."""

import fcntl
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gravity.local import client, processes
from gravity.local.compiling import Compiling
from gravity.local.environment import LocalSystem, prepare_folders
from gravity.local.errors import Fault, require_free_space
from gravity.local.metrics_folder import emptied
from gravity.local.ports import LOOPBACK
from gravity.local.supervisor import Supervisor

PREPARE_SECONDS = 120
READY_SECONDS = 60
WORKER_SECONDS = 180  # without a further line of its log; where nothing is compiled yet, it does that first


@contextmanager
def claimed(data: Path) -> Iterator[None]:
    """Hold a data folder for this run alone; the kernel lets go of it however the run ends."""
    with (data / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Fault(
                f"{data} belongs to a local system that is running; stop it or set another DATA_DIR=…"
            ) from None
        yield


@contextmanager
def running(system: LocalSystem) -> Iterator[Supervisor]:
    """Run the system and give its supervisor."""
    require_free_space(system.data)
    prepare_folders(system)
    with claimed(system.data), emptied(system.data), Supervisor(system.data / "logs") as supervisor:
        _bring_up(supervisor, system)
        yield supervisor


@contextmanager
def throwaway_folder(purpose: str) -> Iterator[Path]:
    """Give a new folder and remove it, unless something failed: then its logs are worth reading."""
    folder = Path(tempfile.mkdtemp(prefix=f"gravity-{purpose}-"))
    try:
        yield folder
    except Fault:
        say(f"The logs are kept in {folder / 'logs'}")
        raise
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    shutil.rmtree(folder, ignore_errors=True)


def _bring_up(supervisor: Supervisor, system: LocalSystem) -> None:
    began = time.monotonic()
    say(f"Everything listens on {LOOPBACK} only; strangers' clients need a front with a limit of time for bodies")
    for part in processes.stores(system):
        supervisor.start(part)
    supervisor.complete(processes.prepare(system), PREPARE_SECONDS)
    say(f"Data ready after {time.monotonic() - began:.1f} s in {system.data}")
    for part in processes.workers(system):
        supervisor.start(part)
    supervisor.wait(lambda: client.answers(system.api), READY_SECONDS, "The API did not become ready")
    say(f"API ready after {time.monotonic() - began:.1f} s at {system.api}")
    compiled = Compiling(supervisor.log("worker"))
    supervisor.wait(lambda: client.works(system.api), WORKER_SECONDS, "No worker became ready", compiled.progress)
    say(f"Worker ready after {time.monotonic() - began:.1f} s")


def say(text: str) -> None:
    """Tell the person how far it is; standard output is left to the results."""
    print(text, file=sys.stderr, flush=True)
