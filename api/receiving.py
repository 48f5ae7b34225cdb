"""Places for bodies that are being received: who announces one and does not send it holds a thread until they go.

The server reads a body only when it is asked to, waits for it without end, and cannot be told to stop (ADR 12). So few
threads of a process do that at a time, and never those that answer polls and probes. Who has shown credentials has
places apart from those who have not; and no one owner, no one address, gets all.

Python computes one thing at a time, so everybody waits for all who compute. What is large takes long to look at as
well: its place is held until it is answered, and it is looked at few at a time.
"""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from django.core.exceptions import RequestDataTooBig
from django.db import connection
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from rest_framework.exceptions import APIException

from accounts.login_throttle import address_of
from api.problems import problem
from jobs import turns

WAIT_SECONDS = 2.0
LARGE_WAIT_SECONDS = 10.0
RETRY_SECONDS = 5
# What is sent beside these says nothing to anybody here.
BODILESS = frozenset({"GET", "HEAD", "DELETE", "OPTIONS", "TRACE"})
# A body beyond this is a large one.
LARGE_BYTES = 64 << 10


class NoPlace(APIException):
    """As many bodies are being received as this process receives at once."""

    status_code = 503
    default_code = "no_place_free"
    default_detail = "Too many bodies are being received at the moment."
    wait = RETRY_SECONDS


class Places:
    """Places of one kind: how many, how many of them one may hold, and how many bytes are announced in them in all."""

    def __init__(
        self, count: int, *, share: int, waiting: int, most_bytes: int, wait_seconds: float = WAIT_SECONDS
    ) -> None:
        self.threads = count + waiting
        self._wait_seconds = wait_seconds
        self._count, self._share, self._most_bytes = count, share, most_bytes
        self._held: Counter[str] = Counter()
        self._bytes = 0
        self._changed = threading.Condition()
        self._queue = threading.BoundedSemaphore(waiting)

    @property
    def held(self) -> int:
        """How many are held at the moment."""
        return self._held.total()

    @contextmanager
    def hold(self, who: str, length: int) -> Iterator[None]:
        """Hold a place for a body of this length in the block, after a short wait if need be; else raise NoPlace."""
        with self._changed:
            found = self._enter(who, length)
        if not found:
            # In this order: who waits for a turn must not keep others from leaving.
            with turns.given_up(), self._changed:
                self._wait_for_room(who, length)
                self._enter(who, length)
        try:
            yield
        finally:
            with self._changed:
                self._bytes -= length
                self._held[who] -= 1
                if not self._held[who]:
                    del self._held[who]
                self._changed.notify_all()

    def _wait_for_room(self, who: str, length: int) -> None:
        if not self._queue.acquire(blocking=False):
            raise NoPlace
        try:
            if not self._changed.wait_for(lambda: self._has_room(who, length), self._wait_seconds):
                raise NoPlace
        finally:
            self._queue.release()

    def _enter(self, who: str, length: int) -> bool:
        if not self._has_room(who, length):
            return False
        self._held[who] += 1
        self._bytes += length
        return True

    def _has_room(self, who: str, length: int) -> bool:
        # One that is larger than all together may have it to itself.
        room = not self._bytes or self._bytes + length <= self._most_bytes
        return room and self._held[who] < self._share and self._held.total() < self._count


# Of owners whose credentials were looked at; of those with a large body, to receive it and then, one of an owner, to
# look at it; and of who sends a password, a token or a form.
known = Places(16, share=8, waiting=32, most_bytes=1 << 20)
large = Places(4, share=2, waiting=16, most_bytes=32 << 20, wait_seconds=LARGE_WAIT_SECONDS)
looking = Places(2, share=1, waiting=2, most_bytes=32 << 20, wait_seconds=LARGE_WAIT_SECONDS)
unknown = Places(8, share=4, waiting=8, most_bytes=16 << 20)


def announced(request: HttpRequest) -> int:
    """Return how many bytes the body has that is announced, 0 if none is."""
    text = request.META.get("CONTENT_LENGTH") or ""
    return int(text) if text.isascii() and text.isdigit() else 0


@contextmanager
def place(request: HttpRequest, owner: int | None, length: int) -> Iterator[None]:
    """Hold a place in the block, where a body is received, and no connection of the database's pool.

    The place of a large one is held as long as `request.held` is open, which the views of the API close when they
    have answered.
    """
    if connection.settings_dict.get("OPTIONS", {}).get("pool") and not connection.in_atomic_block:
        connection.close()
    holding: AbstractContextManager[None]
    if owner is None:
        holding = unknown.hold(address_of(request), length)
    elif length <= LARGE_BYTES:
        holding = known.hold(str(owner), length)
    else:
        request.held.enter_context(large.hold(str(owner), length))  # type: ignore[attr-defined]
        holding = nullcontext()
    with holding:
        yield


def look(request: HttpRequest, owner: int | None, length: int) -> None:
    """Wait, before a body that has been received is decoded, for the turn of a large one; it ends with the answer."""
    if owner is not None and length > LARGE_BYTES:
        request.held.enter_context(looking.hold(str(owner), length))  # type: ignore[attr-defined]


class FormMiddleware:
    """Receives what is sent to pages, before anything looks into it; views of the API receive theirs themselves.

    A body beside a method that has none is not received at all.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, or say why nothing was received."""
        length = announced(request)
        if request.method in BODILESS and (length or "HTTP_TRANSFER_ENCODING" in request.META):
            return _not_allowed(request)
        if not length or request.path_info.startswith("/api/"):
            return self._get_response(request)
        try:
            with turns.given_up(), place(request, None, length):
                received = len(request.body)
        except NoPlace as error:
            return _refused(error.status_code, f"{error.detail} Try again later.", {"Retry-After": str(RETRY_SECONDS)})
        except RequestDataTooBig:
            return _refused(413, "The form is too large.")
        except UnreadablePostError:
            received = 0
        if received < length:
            return _refused(400, "The form is shorter than its Content-Length.")
        return self._get_response(request)


def _not_allowed(request: HttpRequest) -> HttpResponse:
    # What was announced may never come: nothing of it is waited for.
    detail, headers = f"{request.method} has no body here.", {"Connection": "close"}
    return problem(request, 400, "body_not_allowed", "Bad Request", detail, headers=headers)


def _refused(status: int, text: str, headers: dict[str, str] | None = None) -> HttpResponse:
    headers = {"Cache-Control": "no-store", **(headers or {})}
    return HttpResponse(text, status=status, content_type="text/plain", headers=headers)
