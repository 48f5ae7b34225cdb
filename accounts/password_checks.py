"""Places for checks of passwords: each takes a fifth of a second of a processor, on purpose.

Who sends passwords needs no credentials. Without places their checks would take every thread of an API process, and
nobody else would be answered.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from rest_framework.exceptions import APIException

AT_ONCE = 2
# Who wait hold a thread and perhaps a connection of the pool.
WAITING = 5
WAIT_SECONDS = 2.0
RETRY_SECONDS = 2

_places = threading.BoundedSemaphore(AT_ONCE)
_queue = threading.BoundedSemaphore(AT_ONCE + WAITING)


class NoPlace(APIException):
    """As many passwords are being checked as this process checks at once."""

    status_code = 503
    default_code = "no_place_free"
    default_detail = "Too many passwords are being checked at the moment."
    wait = RETRY_SECONDS


@contextmanager
def place() -> Iterator[None]:
    """Hold one of the places in the block, after a short wait if need be; raise NoPlace when there is none."""
    if not _queue.acquire(blocking=False):
        raise NoPlace
    try:
        if not _places.acquire(timeout=WAIT_SECONDS):
            raise NoPlace
        try:
            yield
        finally:
            _places.release()
    finally:
        _queue.release()
