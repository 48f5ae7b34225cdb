"""Open connections to SQLite that wait for the next request, whatever thread it comes to.

A connection keeps the schema, pages and prepared statements: about a megabyte. If each thread kept one there would be
as many as threads; handed on they are as many as there were requests at a time, and what one has read is of use sooner.
"""

import os
from typing import Any

MOST = 32

# By device and inode: a file that was put in the place of another is another.
File = tuple[int, int]
# Appending to a list and taking from its end need no lock.
_waiting: dict[File, list[Any]] = {}
_of_the_parent: list[Any] = []


def file_at(path: str) -> File | None:
    """Return which file is there; None where there is none, as of a database in memory."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def taken(file: File) -> Any | None:
    """Return a connection to the file that waited, or None."""
    try:
        return _waiting[file].pop()
    except (IndexError, KeyError):
        return None


def kept(file: File, connection: Any) -> bool:
    """Let a connection wait; return False if it is in a transaction, or if enough of them wait."""
    if connection.in_transaction:
        return False
    waiting = _waiting.setdefault(file, [])
    if len(waiting) >= MOST:
        return False
    waiting.append(connection)
    return True


def _leave_the_parents() -> None:
    # SQLite's connections must not be used, nor closed, on the other side of a fork.
    _of_the_parent.extend(_waiting.values())
    _waiting.clear()


os.register_at_fork(after_in_child=_leave_the_parents)
