"""One question to a Redis, answered soon or not at all."""

from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

TIMEOUT_SECONDS = 0.5

# ValueError: a URL of another kind (sentinel://, memory://) is no Redis that can be asked here.
UNREACHABLE = (redis.RedisError, OSError, ValueError)


def impatient(url: str) -> redis.Redis:
    """Return a client that gives a server up soon: its default retries would add seconds of backoff to a lost one."""
    client: redis.Redis = redis.Redis.from_url(
        url,
        socket_connect_timeout=TIMEOUT_SECONDS,
        socket_timeout=TIMEOUT_SECONDS,
        retry=Retry(NoBackoff(), 0),
        decode_responses=True,
    )
    return client


def ask(url: str, section: str | None = None) -> dict[str, Any]:
    """Return a section of INFO, or an empty dict for a mere ping; raise one of UNREACHABLE within about a second."""
    with impatient(url) as client:
        if section is None:
            client.ping()
            return {}
        info: dict[str, Any] = client.info(section)
        return info
