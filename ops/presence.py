"""Which workers and beats there are, on whatever machine: each says so in the broker, by the broker's own clock."""

from functools import cache

import redis

from ops.redis_info import impatient

# Who did not leave in order is known for a day as one that went silent.
KEPT_SECONDS = 86_400

_ANNOUNCE = f"""
local now = redis.call('TIME')[1]
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - {KEPT_SECONDS})
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('EXPIRE', KEYS[1], {KEPT_SECONDS})
"""


def announce(url: str, kind: str, name: str) -> None:
    """Say that a process of this kind lives; raise one of UNREACHABLE when the broker cannot be told."""
    _client(url).eval(_ANNOUNCE, 1, _key(kind), name)


def withdraw(url: str, kind: str, name: str) -> None:
    """Say that a process has ended as it should; raise one of UNREACHABLE when the broker cannot be told."""
    _client(url).zrem(_key(kind), name)


def ages(url: str, kind: str) -> dict[str, float]:
    """Return by name how many seconds ago each process of this kind said that it lives; raise one of UNREACHABLE."""
    with impatient(url) as client, client.pipeline(transaction=False) as pipe:
        pipe.time()
        pipe.zrange(_key(kind), 0, -1, withscores=True)
        (now, _), found = pipe.execute()
    return {name: max(0.0, now - at) for name, at in found}


@cache
def _client(url: str) -> redis.Redis:
    return impatient(url)


def _key(kind: str) -> str:
    return f"gravity:alive:{kind}"
