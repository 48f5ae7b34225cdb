"""What waits in the queues and what staff have stopped, for those who ask for the system's health, however often."""

import threading
import time
from typing import Any

from django.conf import settings
from django.db import DatabaseError

from jobs import clock, holds, selectors
from jobs.hold_rows import READ_ONLY

_lock = threading.Lock()
_reading: tuple[float, dict[str, Any]] | None = None


def told() -> dict[str, Any]:
    """Return what /health shows of queues, at most ADMISSION_SECONDS old; nothing while the database is away."""
    global _reading
    with _lock:
        if _reading is None or time.monotonic() - _reading[0] >= settings.ADMISSION_SECONDS:
            try:
                _reading = time.monotonic(), _read()
            except DatabaseError:
                return {}
        return _reading[1]


def _read() -> dict[str, Any]:
    figures = selectors.queue_figures(now=clock.now())
    return {
        "read_only": READ_ONLY in holds.known(),
        "queues": {
            name: {
                "depth": figure.depth,
                "oldest_age_seconds": figure.oldest_age_seconds and round(figure.oldest_age_seconds, 1),
                "paused_since": figure.held and figure.held.since,
            }
            for name, figure in figures.items()
        },
    }
