"""One question to a Redis, answered soon or not at all."""

from typing import Any
from urllib.parse import unquote, urlsplit

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

TIMEOUT_SECONDS = 0.5

# ValueError: a URL of another kind (memory://) is no Redis that can be asked here.
UNREACHABLE = (redis.RedisError, OSError, ValueError)


def impatient(url: str) -> redis.Redis:
    """Return a client of a Redis, or of the one that Sentinels name, that gives it up soon."""
    patience: dict[str, Any] = {
        "socket_connect_timeout": TIMEOUT_SECONDS,
        "socket_timeout": TIMEOUT_SECONDS,
        # The client's default retries would add seconds of backoff to every lost server.
        "retry": Retry(NoBackoff(), 0),
        "decode_responses": True,
    }
    if not url.startswith("sentinel://"):
        return redis.Redis.from_url(url, **patience)
    parts = [urlsplit(one) for one in url.split(";")]
    sentinels = [(part.hostname, part.port or 26379) for part in parts]
    first = parts[0]
    login = {"username": first.username, "password": unquote(first.password) if first.password else None}
    group = redis.Sentinel(sentinels, sentinel_kwargs=patience, db=int(first.path.strip("/") or 0), **login, **patience)  # type: ignore[no-untyped-call]
    master: redis.Redis = group.master_for(settings.BROKER_MASTER_NAME)  # type: ignore[no-untyped-call]
    return master


def ask(url: str, section: str | None = None) -> dict[str, Any]:
    """Return a section of INFO, or an empty dict for a mere ping; raise one of UNREACHABLE within about a second."""
    with impatient(url) as client:
        if section is None:
            client.ping()
            return {}
        info: dict[str, Any] = client.info(section)
        return info


def length(url: str, queue: str) -> int:
    """Return how many messages wait in a broker's list; raise one of UNREACHABLE within about a second."""
    with impatient(url) as client:
        return int(client.llen(queue))
