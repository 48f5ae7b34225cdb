"""One process at a time compiles the loops of a file; another that needs them waits, and then reads them.

numba keeps an index beside each file: it reads it, adds a line and writes it whole. Of two processes that do so at once
one loses its line, or finds the other's machine code under it.
"""

import fcntl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

# Of this process too, one thread at a time. A loop that is compiled has those compiled that it calls, of its own file.
_turn = threading.RLock()
_held: set[str] = set()


def in_turn(compile_one: Callable[[Any], Any], path: str) -> Callable[[Any], Any]:
    """Return what compiles a loop of a file for types of arguments, but when it is this process's turn."""

    def compile_in_turn(types: Any) -> Any:
        with _turn_for(path):
            return compile_one(types)

    return compile_in_turn


@contextmanager
def _turn_for(path: str) -> Iterator[None]:
    with _turn:
        if path in _held:
            yield
            return
        _held.add(path)
        try:
            with open(path, "rb") as file:
                with suppress(OSError):  # a file system that knows no locks
                    fcntl.flock(file, fcntl.LOCK_EX)  # until it is closed, or this process ends
                yield
        finally:
            _held.discard(path)
