"""Wake whoever waits for a job's end: one listener a process, a bounded number of waiters, no connection held.

The end is announced over the cache's publish/subscribe, which may lose a message or be away; the listener then looks
into the database for all waited jobs at once. A wake-up is a hint, the row is the answer.
"""

import threading
import time
from collections import defaultdict
from uuid import UUID

import redis
import structlog
from django.conf import settings
from django.db import close_old_connections, connection

from jobs.models import Job
from jobs.states import TERMINAL

log = structlog.get_logger(__name__)

CHANNEL = "gravity:jobs:over"
# How long a lost announcement can go unnoticed.
LOOK_SECONDS = 0.5


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
    if not _places.acquire(blocking=False):
        return False
    over = threading.Event()
    try:
        _listener.add(job_id, over)
        # Registered first, looked second: an end in between is seen by one of the two.
        if not Job.objects.filter(pk=job_id, state__in=TERMINAL).exists():
            connection.close()
            over.wait(seconds)
        return True
    finally:
        _listener.remove(job_id, over)
        _places.release()


class _Listener:
    """The one thread of this process that hears of ends, alive while anybody waits."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[UUID, set[threading.Event]] = defaultdict(set)
        self._thread: threading.Thread | None = None

    def add(self, job_id: UUID, over: threading.Event) -> None:
        with self._lock:
            self._waiting[job_id].add(over)
            if self._thread is None:
                self._thread = threading.Thread(target=self._listen, name="job-wakeups", daemon=True)
                self._thread.start()

    def remove(self, job_id: UUID, over: threading.Event) -> None:
        with self._lock:
            self._waiting[job_id].discard(over)
            if not self._waiting[job_id]:
                del self._waiting[job_id]

    def _listen(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
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
        while self._waiting:
            message = ear.get_message(timeout=LOOK_SECONDS)
            if message is not None:
                self._wake([UUID(message["data"].decode())])
            if time.monotonic() - looked >= LOOK_SECONDS:
                looked = self._look()

    def _look(self) -> float:
        """Ask the database once for all waited jobs, and wake those that are over."""
        with self._lock:
            waited = list(self._waiting)
        close_old_connections()
        self._wake(list(Job.objects.filter(pk__in=waited, state__in=TERMINAL).values_list("pk", flat=True)))
        connection.close()
        return time.monotonic()

    def _wake(self, job_ids: list[UUID]) -> None:
        with self._lock:
            for job_id in job_ids:
                for over in self._waiting.get(job_id, ()):
                    over.set()


def _client() -> redis.Redis:
    return redis.Redis(connection_pool=_pool)


_pool = redis.ConnectionPool.from_url(settings.CACHE_URL, socket_connect_timeout=0.5, socket_timeout=5)
_places = threading.BoundedSemaphore(settings.WAITER_PLACES)
_listener = _Listener()
