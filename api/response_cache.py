"""The hot read path: whole answers that Django has given to the same request a moment ago are given again.

It decides nothing. Only answers that a view has marked as final are kept (finished jobs and their results), for
REPLAY_SECONDS, under everything that Django looked at: credentials, address, query and the headers that choose a form.
"""

import time
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable
from threading import Lock
from typing import Any, NamedTuple

from rest_framework.permissions import SAFE_METHODS

from ops import metrics
from ops.middleware import new_request_id
from ops.replays import Record

PREFIX = "/api/v1/jobs/"
# Deleted or revoked, an answer lives no longer than clients may keep it anyway.
LONGEST_SECONDS = 60.0
LARGEST_SHARE = 8  # of all that may be kept, one answer takes no more than this part
KEY_CHARS = 4_096
OVERHEAD_BYTES = 1_000
# All that may make a difference to an answer that is marked; what else Vary names keeps an answer from being kept.
CHOOSING = (
    "HTTP_AUTHORIZATION",
    "HTTP_X_API_KEY",
    "HTTP_ACCEPT",
    "HTTP_ACCEPT_ENCODING",
    "HTTP_IF_NONE_MATCH",
    "HTTP_HOST",
)
VARY = frozenset(name.removeprefix("HTTP_").replace("_", "-").lower() for name in CHOOSING)
OF_EACH = frozenset({"x-request-id", "date"})

Environ = dict[str, Any]
Start = Callable[..., Any]
Key = tuple[str, ...]


class _Kept(NamedTuple):
    status: str
    headers: list[tuple[str, str]]
    body: bytes
    until: float
    size: int
    record: Record


class ResponseCache:
    """A WSGI application in front of Django's."""

    def __init__(
        self, application: Callable[[Environ, Start], Any], *, seconds: float, max_bytes: int, per_second: float
    ) -> None:
        self._application = application
        self._seconds = min(seconds, LONGEST_SECONDS)
        self._max_bytes = max_bytes
        self._per_second = per_second
        self._lock = Lock()
        self._kept: OrderedDict[Key, _Kept] = OrderedDict()
        self._keys_of: dict[str, set[Key]] = defaultdict(set)
        self._bytes = 0
        self._buckets: dict[str, tuple[float, float]] = {}
        _instances.append(self)

    def __call__(self, environ: Environ, start_response: Start) -> Iterable[bytes]:
        """Answer again what was answered, or let Django answer."""
        path: str = environ["PATH_INFO"]
        if not path.startswith(PREFIX):
            answer: Iterable[bytes] = self._application(environ, start_response)
            return answer
        method: str = environ["REQUEST_METHOD"]
        if method != "GET" or environ.get("CONTENT_LENGTH", "0") not in ("", "0"):
            answer = self._application(environ, start_response)
            if method not in SAFE_METHODS:
                self._forget(_job(path))
            return answer
        began = time.perf_counter()
        key = (path, environ.get("QUERY_STRING", ""), *[environ.get(name, "") for name in CHOOSING])
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                if kept.until > began and self._has_token(key[2] or key[3], began):
                    self._kept.move_to_end(key)
                else:
                    kept = None
        if kept is None:
            return self._ask(environ, start_response, key)
        request_id = new_request_id(environ.get("HTTP_X_REQUEST_ID"))
        start_response(kept.status, [*kept.headers, ("X-Request-Id", request_id)])
        kept.record.add(request_id, began)
        return [kept.body]

    def forget_all(self) -> None:
        """Keep nothing of what is kept now."""
        with self._lock:
            self._kept.clear()
            self._keys_of.clear()
            self._bytes = 0

    def _ask(self, environ: Environ, start_response: Start, key: Key) -> Iterable[bytes]:
        """Let Django answer, and keep the answer if it is marked."""
        _missed()
        told: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            told[:] = status, headers
            return start_response(status, headers, *more)

        answer: Any = self._application(environ, start)
        facts = getattr(answer, "replayable", None)
        if facts and sum(map(len, key)) <= KEY_CHARS:
            status, headers = told
            self._keep(key, status, headers, answer.content, facts)
        given: Iterable[bytes] = answer
        return given

    def _keep(self, key: Key, status: str, headers: list[tuple[str, str]], body: bytes, facts: Any) -> None:
        size = len(body) + sum(map(len, key)) + OVERHEAD_BYTES
        named = {name.lower(): value for name, value in headers}
        vary = {name.strip().lower() for name in named.get("vary", "").split(",")} - {""}
        if size > self._max_bytes // LARGEST_SHARE or "set-cookie" in named or not vary <= VARY:
            return
        lasting = [(n, v) for n, v in headers if n.lower() not in OF_EACH and not n.lower().startswith("ratelimit")]
        record = Record(facts, asked_to_wait="wait=" in key[1])
        kept = _Kept(status, lasting, body, time.perf_counter() + self._seconds, size, record)
        with self._lock:
            self._drop(key)
            self._kept[key] = kept
            self._keys_of[_job(key[0])].add(key)
            self._bytes += size
            while self._bytes > self._max_bytes:
                self._drop(next(iter(self._kept)))

    def _forget(self, job: str) -> None:
        """Keep nothing of a job that this process has just changed."""
        with self._lock:
            for key in list(self._keys_of.get(job, ())):
                self._drop(key)

    def _drop(self, key: Key) -> None:
        kept = self._kept.pop(key, None)
        if kept is not None:
            self._bytes -= kept.size
            keys = self._keys_of[_job(key[0])]
            keys.discard(key)
            if not keys:
                del self._keys_of[_job(key[0])]

    def _has_token(self, credentials: str, now: float) -> bool:
        """Take one of the replays that these credentials have a second; Django answers, and limits, what is beyond."""
        tokens, at = self._buckets.get(credentials, (self._per_second, now))
        tokens = min(self._per_second, tokens + (now - at) * self._per_second)
        if len(self._buckets) >= 10_000:
            self._buckets.clear()
        self._buckets[credentials] = (tokens - 1 if tokens >= 1 else tokens, now)
        return tokens >= 1


def forget_all(**_: Any) -> None:
    """Let Django answer everything again in this process; hears of every key that is revoked in it."""
    for instance in _instances:
        instance.forget_all()


_instances: list[ResponseCache] = []
_missed = metrics.cache_requests_total.labels("replays").inc


def _job(path: str) -> str:
    return path[len(PREFIX) :].partition("/")[0]
