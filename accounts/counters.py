"""Counters in the cache's Redis, the same for every process and pod; without Redis all are let in."""

import time
from collections.abc import Callable
from functools import cache
from typing import TypeVar

import redis
import structlog
from django.conf import settings
from limits import storage

log = structlog.get_logger(__name__)

Found = TypeVar("Found")
# While Redis is away nobody waits for it on every request.
PAUSE_SECONDS = 5.0
_away_until = 0.0


def count(key: str, *, seconds: int, amount: int = 1) -> int | None:
    """Add to the counter and return what it has come to; it ends `seconds` after its first. None without Redis."""
    return _asked(lambda: _storage(settings.CACHE_URL).incr(key, seconds, amount))


def counted(key: str) -> int | None:
    """Return what the counter has come to, 0 if there is none; None without Redis."""
    return _asked(lambda: _storage(settings.CACHE_URL).get(key))


def forget(key: str) -> None:
    """End the counter."""
    _asked(lambda: _storage(settings.CACHE_URL).clear(key))


def _asked(question: Callable[[], Found]) -> Found | None:
    global _away_until
    if time.monotonic() < _away_until:
        return None
    try:
        return question()
    except redis.RedisError as error:
        _away_until = time.monotonic() + PAUSE_SECONDS
        log.warning("counters_unreachable", error=type(error).__name__)
        return None


@cache
def _storage(url: str) -> storage.RedisStorage:
    return storage.RedisStorage(url, key_prefix="limits", socket_connect_timeout=0.5, socket_timeout=1)
