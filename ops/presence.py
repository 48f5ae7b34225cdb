"""Which workers and beats there are, on whatever machine: each says so in the broker, by the broker's own clock."""

from collections.abc import Collection
from functools import cache

import redis

from ops.redis_info import impatient

# Who did not leave in order is known for a day as one that went silent.
KEPT_SECONDS = 86_400

# The kind of those who take from a queue begins with it.
QUEUE = "queue:"

_ANNOUNCE = f"""
local now = redis.call('TIME')[1]
for _, key in ipairs(KEYS) do
  redis.call('ZREMRANGEBYSCORE', key, '-inf', now - {KEPT_SECONDS})
  redis.call('ZADD', key, now, ARGV[1])
  redis.call('EXPIRE', key, {KEPT_SECONDS})
end
"""


def announce(url: str, kind: str, name: str, queues: Collection[str] = ()) -> None:
    """Say that a process of this kind lives and takes from these queues; raise one of UNREACHABLE, if it cannot be."""
    keys = [_key(kind), *(_key(QUEUE + queue) for queue in queues)]
    _client(url).eval(_ANNOUNCE, len(keys), *keys, name)


def withdraw(url: str, kind: str, name: str, queues: Collection[str] = ()) -> None:
    """Say that a process has ended as it should, or takes from these queues no more; raise one of UNREACHABLE."""
    with _client(url).pipeline(transaction=False) as pipe:
        for one in (kind, *(QUEUE + queue for queue in queues)):
            pipe.zrem(_key(one), name)
        pipe.execute()


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
