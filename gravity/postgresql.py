"""How PostgreSQL is connected to: as the address says, and so that a lost connection is noticed in seconds."""

from typing import Any

# For a connection of a pool, and for the pool to find out that a new one fails and to try the next soon.
POOL_SECONDS, RECONNECT_SECONDS = 10, 4


def complete(database: dict[str, Any], *, pool_size: int, connect_seconds: int, silence_seconds: int) -> None:
    """Complete Django's settings of a PostgreSQL in place; options of the address stay, and win over these.

    A threaded API shares a pool, whose connections are asked when they are lent whether they still answer; a worker
    child is one thread and keeps its one connection (size 0).
    """
    defaults: dict[str, Any] = {"connect_timeout": connect_seconds} if connect_seconds else {}
    if silence_seconds:
        # Three probes, the last of them when the time is up; and as long for what was sent and is not acknowledged.
        pause = max(silence_seconds // 5, 1)
        defaults |= {
            "keepalives": 1,
            "keepalives_idle": max(silence_seconds - 3 * pause, 1),
            "keepalives_interval": pause,
            "keepalives_count": 3,
            "tcp_user_timeout": silence_seconds * 1_000,
        }
    database["OPTIONS"] = {**defaults, **database.get("OPTIONS", {})}
    if pool_size:
        waits = {"timeout": POOL_SECONDS, "reconnect_timeout": RECONNECT_SECONDS}
        database["OPTIONS"]["pool"] = {"min_size": 1, "max_size": pool_size, **waits}
        database["CONN_MAX_AGE"] = 0
    else:
        database["CONN_MAX_AGE"] = None
        database["CONN_HEALTH_CHECKS"] = True
