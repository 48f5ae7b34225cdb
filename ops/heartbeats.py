"""Signs of life of the processes without a port: files that a worker and beat touch."""

import time

from django.conf import settings

KINDS = ("worker", "beat")


def age_seconds(kind: str) -> float | None:
    """Return how long ago the process touched its file, or None when there is no file."""
    try:
        touched_at: float = (settings.HEARTBEAT_DIR / kind).stat().st_mtime
    except OSError:
        return None
    return max(0.0, time.time() - touched_at)
