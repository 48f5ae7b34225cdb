"""The request metrics and the access log of answers that are replayed: the same as ops.middleware's, for a few µs.

A replay is only noted; a thread counts what was noted and writes its log lines, many at once.
"""

import atexit
import logging
import sys
import threading
import time
from collections import Counter, deque
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import orjson

from ops import metrics

FLUSH_SECONDS = 0.5
FLUSH_COUNT = 512


class Record:
    """What is the same in all log lines and metrics of one kept answer."""

    def __init__(self, facts: Mapping[str, Any], *, asked_to_wait: bool) -> None:
        labels = (facts["method"], facts["route"])
        self.count = metrics.http_requests_total.labels(*labels, str(facts["status_code"])).inc
        self.observe = None if asked_to_wait else metrics.http_request_duration_seconds.labels(*labels).observe
        line = {name: value for name, value in facts.items() if name != "route"}
        line |= {"replayed": True, "event": "request_completed", "level": "info", "logger": "access"}
        self.line = orjson.dumps(line)[:-1].decode() if logging.getLogger("access").isEnabledFor(logging.INFO) else ""

    def add(self, request_id: str, began: float) -> None:
        """Note one replay that began at this perf_counter(); its id must need no escaping in JSON."""
        _noted.add((self, request_id, time.perf_counter() - began, time.time()))


def flush() -> None:
    """Count and write what has been noted so far."""
    _noted.flush()


class _Noted:
    """Replays that wait for a moment to be counted and written."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        # Threads add while another takes, so nothing is swapped: what is added is taken now or the next time.
        self._waiting: deque[tuple[Record, str, float, float]] = deque()
        self._writer: threading.Thread | None = None
        self._full = threading.Event()

    def add(self, replay: tuple[Record, str, float, float]) -> None:
        self._waiting.append(replay)
        if self._writer is None:
            self._begin()
        elif len(self._waiting) == FLUSH_COUNT:
            self._full.set()

    def flush(self) -> None:
        with self._lock:
            replays = [self._waiting.popleft() for _ in range(len(self._waiting))]
            if not replays:
                return
            metrics.cache_requests_total.labels("replays").inc(len(replays))
            metrics.cache_hits_total.labels("replays").inc(len(replays))
            for record, count in Counter(replay[0] for replay in replays).items():
                record.count(count)
            for record, _, seconds, _ in replays:
                if record.observe is not None:
                    record.observe(seconds)
            with suppress(OSError):  # the log's disk may be full; the thread that writes must outlive it
                sys.stderr.write("".join([_line(*replay) for replay in replays if replay[0].line]))
                sys.stderr.flush()

    def _begin(self) -> None:
        with self._lock:
            if self._writer is None:
                self._writer = threading.Thread(target=self._write, name="replays", daemon=True)
                self._writer.start()

    def _write(self) -> None:
        while True:
            self._full.wait(FLUSH_SECONDS)
            self._full.clear()
            self.flush()


def _line(record: Record, request_id: str, seconds: float, at: float) -> str:
    moment = f"{_second(int(at))}.{int(at % 1 * 1e6):06d}Z"
    return f'{record.line},"request_id":"{request_id}","duration":"{seconds:.6f}s","timestamp":"{moment}"}}\n'


@lru_cache(8)
def _second(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S")


_noted = _Noted()
atexit.register(_noted.flush)
