"""Prometheus' files of metrics, which a full disk cannot end a process with.

The client maps its files into memory and lets them grow with holes. Where a hole is written to on a full disk, the
kernel has no page for it and ends the process by SIGBUS. Here the room is reserved before it is mapped; where there is
none, or too much is wanted, the process goes on counting in its own memory, and what it shows stays as it was.
"""

import logging
import mmap
import os
from typing import Any

from prometheus_client import values
from prometheus_client.mmap_dict import _INITIAL_MMAP_SIZE, MmapedDict

log = logging.getLogger(__name__)

# About 20,000 series a kind and process; their labels are of bounded sets, so it takes a fault to reach this.
MOST_BYTES = 4 * 1024 * 1024
# What an entry takes beside its name: length, padding, value and moment.
BESIDE_NAME = 32


class ReservedDict(MmapedDict):
    """The values of one file."""

    def __init__(self, filename: str, read_mode: bool = False) -> None:
        if not read_mode and not _reserved(filename):
            self._begin_in_memory(filename)
            return
        super().__init__(filename, read_mode)  # type: ignore[no-untyped-call]

    def _begin_in_memory(self, filename: str) -> None:
        self._f: Any = None
        self._fname = filename
        self._capacity: int = _INITIAL_MMAP_SIZE
        self._m: Any = mmap.mmap(-1, self._capacity)
        self._positions: dict[str, int] = {}
        self._used: int = 8
        self._m[:4] = self._used.to_bytes(4, "little")

    def _init_value(self, key: str) -> None:
        needed = self._used + len(key.encode()) + BESIDE_NAME
        while needed > self._capacity:
            self._grow(self._capacity * 2)
        super()._init_value(key)  # type: ignore[no-untyped-call]

    def _grow(self, size: int) -> None:
        if self._f is not None and size <= MOST_BYTES and _reserve(self._f.fileno(), size):
            self._m = mmap.mmap(self._f.fileno(), size)
        else:
            before, self._m = self._m, mmap.mmap(-1, size)
            self._m[: self._capacity] = before[: self._capacity]
            if self._f is not None:
                log.warning("metrics_in_memory file=%s", self._fname)
                before.close()
                self._f.close()
                self._f = None
        self._capacity = size


def _reserved(filename: str) -> bool:
    """Make a file, or one that is there already, have all the room of its size; tell whether it has.

    A new one has its name only then: a scrape that finds an empty one, or one that a process has left so, fails.
    """
    place = filename if os.path.exists(filename) else f"{filename}.new"
    try:
        descriptor = os.open(place, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError:
        return _told(filename)
    try:
        has_room = _reserve(descriptor, max(os.fstat(descriptor).st_size, _INITIAL_MMAP_SIZE))
    finally:
        os.close(descriptor)
    if place != filename:
        os.replace(place, filename) if has_room else os.remove(place)
    return has_room or _told(filename)


def _reserve(descriptor: int, size: int) -> bool:
    try:
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(descriptor, 0, size)
        else:
            os.ftruncate(descriptor, size)  # macOS: with holes, as the client makes them
    except OSError:
        return False
    return True


def _told(filename: str) -> bool:
    log.warning("metrics_in_memory file=%s", filename)
    return False


def install() -> None:
    """Have the client's files made so, before the first is."""
    values.MmapedDict = ReservedDict  # type: ignore[attr-defined]
