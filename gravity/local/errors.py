"""Faults of the machine, told to a person in one line."""

import errno
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

FREE_BYTES_NEEDED = 200 * 1024 * 1024
NO_ROOM_BYTES = 64 * 1024
FULL_DISK = (errno.ENOSPC, errno.EDQUOT)
FULL_DISK_WORDS = ("No space left on device", "database or disk is full", "Disk quota exceeded")


class Fault(Exception):
    """Something a person can mend; the text is the whole message."""


class Stopped(Exception):
    """The person asked for the end (Ctrl-C, SIGTERM or a closed terminal)."""


def require_free_space(folder: Path, needed: int = FREE_BYTES_NEEDED) -> None:
    """Refuse to start where the data would not fit, before anything is half written."""
    existing = next(path for path in (folder, *folder.absolute().parents) if os.access(path, os.F_OK))
    free = shutil.disk_usage(existing).free
    if free < needed:
        have, need = free >> 20, needed >> 20
        raise Fault(f"{folder}: {have} MB of {need} MB needed are free on this disk; make room and try again.")


def full_disk(folder: Path) -> Fault:
    """Name the folder whose disk is full."""
    return Fault(f"The disk under {folder} is full; make room and start again.")


def explain(error: OSError, folder: Path) -> Fault:
    """Turn an error of the operating system into one line that names the file."""
    if error.errno in FULL_DISK:
        return full_disk(Path(error.filename) if isinstance(error.filename, str) else folder)
    if isinstance(error, PermissionError):
        return Fault(f"{error.filename or folder}: permission denied; choose another folder with DATA_DIR=…")
    return Fault(f"{error.filename or folder}: {error.strerror or error}")


def has_no_room(folder: Path) -> bool:
    """Tell whether a disk is as good as full: a part may have ended of it without a word."""
    try:
        return shutil.disk_usage(folder).free < NO_ROOM_BYTES
    except OSError:
        return False


def speaks_of_full_disk(lines: Iterable[str]) -> bool:
    """Tell whether a part's last words are about a full disk, whichever library said them."""
    return any(words in line for line in lines for words in FULL_DISK_WORDS)
