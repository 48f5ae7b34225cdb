"""Wake those who wait for a job: one listener a process, a bounded number of waiters, no connection held.

The end is announced over the cache's publish/subscribe, which may lose a message or be away; the listener then looks
into the database for all waited jobs at once, as it does for their progress. A wake-up is a hint, the row is what
counts.
"""

import threading
import time
from collections import defaultdict
from collections.abc import Mapping
from itertools import chain
from uuid import UUID

import redis
import structlog
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import close_old_connections, connection

from jobs import concurrency_slots, snapshots, turns
from jobs.connections import give_back
from jobs.queries import reads
from jobs.snapshots import Snapshot
from jobs.states import TERMINAL

log = structlog.get_logger(__name__)

CHANNEL = "gravity:jobs:over"
# How long a lost announcement, or a step of progress, can go unnoticed.
LOOK_SECONDS = 0.5
# How long the listener stays for the next waiter: a thread and a subscription for each would be dearer than the wait.
LINGER_SECONDS = 30.0


def announce(job_id: UUID) -> None:
    """Tell every listener that a job is over; a cache that is away costs the waiters LOOK_SECONDS."""
    try:
        _client().publish(CHANNEL, str(job_id))
    except redis.RedisError as error:
        log.debug("announce_failed", error=type(error).__name__)


def wait_until_over(job_id: UUID, *, seconds: float) -> bool:
    """Return once the job is over or the time has passed; False at once when all places to wait are taken.

    Gives back the calling thread's database connection for the time of waiting.
    """
    place = concurrency_slots.waiting.take()
    if place is None:
        return False
    with place, Waiter(job_id) as waiter:
        # Registered first, looked second: an end in between is seen by one of the two.
        job = reads.job_by_id(job_id)
        if job is not None and job.state not in TERMINAL:
            give_back()
            with turns.given_up():
                waiter.wait(seconds)
        return True


def end_all_waits() -> None:
    """Wake everybody who waits, and let nobody wait any more: this process is about to end."""
    _ending.set()
    _listener.wake_all()


def end_present_waits() -> None:
    """Wake everybody who waits now, so that they ask again; who begins afterwards may wait."""
    global _ended
    _ended += 1
    _listener.wake_all()


def is_ending() -> bool:
    """Tell whether waits are over for good in this process."""
    return _ending.is_set()


def ended_count() -> int:
    """Return how often the waits of that moment were ended."""
    return _ended


class Waiter:
    """Somebody who waits for a job's end, or with `seen` for whatever differs from that; to be used in a `with`."""

    def __init__(self, job_id: UUID, seen: Snapshot | None = None) -> None:
        self.job_id = job_id
        self.seen = seen
        self._woken = threading.Event()

    def __enter__(self) -> "Waiter":
        _listener.add(self)
        return self

    def __exit__(self, *of_error: object) -> None:
        _listener.remove(self)

    def wait(self, seconds: float) -> bool:
        """Return True once woken, False when the time has passed before; at once when the process is about to end."""
        if _ending.is_set():
            return True
        woken = self._woken.wait(seconds)
        self._woken.clear()
        return woken

    def tell(self, found: Snapshot | None) -> None:
        """Wake the waiter if the job is over (None) or has come further than what was seen."""
        if found is None or found.is_over or (self.seen is not None and found != self.seen):
            self.wake()

    def wake(self) -> None:
        """Wake the waiter, whatever has become of the job."""
        self._woken.set()


class _Listener:
    """The one thread of this process that hears of ends, alive while anybody waits and a while longer."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[UUID, set[Waiter]] = defaultdict(set)
        self._thread: threading.Thread | None = None
        self._left_at = 0.0

    def add(self, waiter: Waiter) -> None:
        with self._lock:
            self._waiting[waiter.job_id].add(waiter)
            if self._thread is None:
                self._thread = threading.Thread(target=self._live, name="completion-listener", daemon=True)
                self._thread.start()

    def remove(self, waiter: Waiter) -> None:
        with self._lock:
            others = self._waiting.get(waiter.job_id, set())
            others.discard(waiter)
            if not others:
                self._waiting.pop(waiter.job_id, None)
            self._left_at = time.monotonic()

    def wake_all(self) -> None:
        with self._lock:
            for waiter in chain.from_iterable(self._waiting.values()):
                waiter.wake()

    def _is_wanted(self) -> bool:
        return bool(self._waiting) or time.monotonic() - self._left_at < LINGER_SECONDS

    def _live(self) -> None:
        try:
            self._listen()
        except BaseException:
            # Whatever it died of, the next who waits gets another.
            self._thread = None
            raise

    def _listen(self) -> None:
        while True:
            with self._lock:
                if not self._is_wanted():
                    self._thread = None
                    return
            try:
                with _client().pubsub(ignore_subscribe_messages=True) as ear:  # type: ignore[no-untyped-call]
                    ear.subscribe(CHANNEL)
                    self._hear(ear)
            except redis.RedisError:
                time.sleep(LOOK_SECONDS)
                self._look()

    def _hear(self, ear: redis.client.PubSub) -> None:
        looked = self._look()  # for what was announced before the subscription
        while self._is_wanted():
            message = ear.get_message(timeout=LOOK_SECONDS)
            if message is not None:
                self._wake({UUID(message["data"].decode()): None})
            if self._waiting and time.monotonic() - looked >= LOOK_SECONDS:
                looked = self._look()

    def _look(self) -> float:
        """Ask the database once for all waited jobs, and wake those who wait for what has come of them."""
        with self._lock:
            waited = list(self._waiting)
        if not waited:
            return time.monotonic()
        try:
            close_old_connections()
            found = snapshots.of_ids(waited)
            # A job that is no longer there is over as well.
            self._wake({job_id: found.get(job_id) for job_id in waited})
        except DatabaseError as error:
            # This thread outlives a database that is restarted; who waits may have to do so a moment longer.
            log.warning("look_failed", error=type(error).__name__)
        finally:
            connection.close()
        return time.monotonic()

    def _wake(self, found: Mapping[UUID, Snapshot | None]) -> None:
        with self._lock:
            for job_id, snapshot in found.items():
                for waiter in self._waiting.get(job_id, ()):
                    waiter.tell(snapshot)


def _client() -> redis.Redis:
    return redis.Redis(connection_pool=_pool)


_pool = redis.ConnectionPool.from_url(settings.CACHE_URL, socket_connect_timeout=0.5, socket_timeout=5)
_listener = _Listener()
_ending = threading.Event()
_ended = 0
