"""The time by which jobs go: this process's clock, corrected by the database's, which all processes share.

Leases, starts that were put off, deadlines and the fire times of scans are written by one process and judged by
another. By their own clocks, a worker that is two minutes behind would lose its chunks while it computes them, and one
that is ahead would begin jobs early.
"""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.db import connection

# The database is asked no more often than this, unless the process's clock was set meanwhile.
READ_SECONDS = 10.0
SET_SECONDS = 0.5


class Reading(NamedTuple):
    """By how much the database was ahead, and what the process's two clocks were then."""

    offset: float
    at: float
    monotonic: float


class SharedClock:
    """A clock that goes like the database's."""

    def __init__(
        self,
        ask: Callable[[], float],
        wall: Callable[[], float] = time.time,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ask, self._wall, self._timer = ask, wall, timer
        self._reading: Reading | None = None
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """Return the time in UTC; raise what the database raises when it has to be asked and does not answer."""
        self.refresh()
        return self.estimate()

    def estimate(self) -> datetime:
        """Return the time as far as it is known without asking: for who must not wait for the database."""
        return datetime.fromtimestamp(self._wall(), UTC) + timedelta(seconds=self.offset)

    @property
    def offset(self) -> float:
        """Return by how many seconds the database is ahead, as last read; 0 before."""
        return self._reading.offset if self._reading else 0.0

    def refresh(self) -> None:
        """Ask the database, unless it was asked a moment ago or another thread is asking."""
        if not self._is_old():
            return
        # The first answer is waited for; later ones replace one that will do meanwhile.
        if not self._lock.acquire(blocking=self._reading is None):
            return
        try:
            if self._is_old():
                self._reading = self.read()
        finally:
            self._lock.release()

    def read(self) -> Reading:
        """Ask the database now."""
        before, began = self._wall(), self._timer()
        theirs = self._ask()
        took = self._timer() - began
        offset = theirs - (before + took / 2)
        # The answer was made at some moment of the way there and back, so less than half of that is no difference.
        return Reading(offset if abs(offset) > took / 2 else 0.0, before, began)

    def _is_old(self) -> bool:
        if (reading := self._reading) is None:
            return True
        since = self._timer() - reading.monotonic
        # A clock that was set, or a machine that slept, makes the two disagree.
        return since >= READ_SECONDS or abs(self._wall() - reading.at - since) >= SET_SECONDS


def database_time() -> float:
    """Return the database's clock as Unix time; a file of this machine has this machine's."""
    if connection.vendor == "sqlite":
        return time.time()
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
        return float(cursor.fetchone()[0])


shared = SharedClock(database_time)
now, estimate = shared.now, shared.estimate
