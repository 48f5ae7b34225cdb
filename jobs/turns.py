"""Turns: of all the requests that a process has taken, few are worked on at a time.

Python computes one thing at a time, and who needs it waits until each of the others has had it once more: beside a
hundred threads that compute, a probe that takes a millisecond waits for half a second of theirs. Who waits for other
things, a body or the end of a job, gives the turn up meanwhile. Turns are an order and no lock: what hangs holds the
others up for no longer than they wait for their turn.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

WAIT_SECONDS = 2.0


class Turns:
    """The turns of one kind of work."""

    def __init__(self, count: int, *, wait_seconds: float = WAIT_SECONDS) -> None:
        self._free = threading.Semaphore(count)
        self._wait_seconds = wait_seconds

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Work in the block when it is one's turn, or when one has waited long enough."""
        before, _mine.turn = getattr(_mine, "turn", None), self
        _mine.held = self._take()
        try:
            yield
        finally:
            self._give_up()
            _mine.turn = before

    @contextmanager
    def _without(self) -> Iterator[None]:
        self._give_up()
        try:
            yield
        finally:
            _mine.held = self._take()

    def _take(self) -> bool:
        return self._free.acquire(timeout=self._wait_seconds)

    def _give_up(self) -> None:
        if _mine.held:
            self._free.release()


_mine = threading.local()
# Apart, so that who waits for a database that writes for another keeps nobody from reading.
reading = Turns(12)
writing = Turns(16)


@contextmanager
def given_up() -> Iterator[None]:
    """Wait in the block for what takes nothing of the processor, and let others have the turn, where it is one.

    Inside of another such block it changes nothing: the turn is given up once, and taken again at the end of the first.
    """
    turn: Turns | None = getattr(_mine, "turn", None)
    if turn is None:
        yield
        return
    with turn._without():
        _mine.turn = None
        try:
            yield
        finally:
            _mine.turn = turn
