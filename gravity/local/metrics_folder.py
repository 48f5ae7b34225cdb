"""Where the parts of a local system write their metrics: in memory, away from the disk that their data may fill."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from gravity.local.errors import Fault

MEMORY = Path("/dev/shm")  # noqa: S108 - the folder in it is this user's alone, and checked to be
UNTRUSTED = 0o077


def metrics_folder(data: Path) -> Path:
    """Return the folder of the system whose data is in this one."""
    if not os.access(MEMORY, os.W_OK):
        return data / "metrics"
    return MEMORY / f"gravity-{os.getuid()}-{sha256(str(data.absolute()).encode()).hexdigest()[:16]}"


@contextmanager
def emptied(data: Path) -> Iterator[Path]:
    """Give that folder for one run: without the counts of processes that have ended, and gone when it is over."""
    folder = metrics_folder(data)
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if folder.is_symlink() or found.st_uid != os.getuid() or found.st_mode & UNTRUSTED:
        raise Fault(f"{folder} belongs to somebody else; remove it.")
    for stale in folder.iterdir():
        shutil.rmtree(stale)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
