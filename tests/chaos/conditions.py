"""What can go wrong while every process lives: clocks, a broker that refuses, ways on which things wait or get lost."""

import random
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import redis

from tests.chaos.skew import library, skewed

if TYPE_CHECKING:
    from tests.chaos.storm import Storm

# Two minutes behind lost leases, one ahead began early, when jobs went by the processes' clocks.
SKEWS = (-120, 60)


def skew_clock(storm: "Storm", chance: random.Random) -> None:
    """Start a worker or beat again with a wrong clock, which it keeps."""
    name = chance.choice(("worker1", "worker2", "beat"))
    storm.supervisor.kill(name)
    storm.supervisor.start(skewed(storm.part(name), chance.choice(SKEWS), storm.folder))


def fail_over(storm: "Storm", chance: random.Random) -> None:
    """Make the broker somebody's replica for a while, as one that a failover has left behind: it refuses writes."""
    with redis.Redis.from_url(storm.broker) as broker:
        broker.replicaof("127.0.0.1", 1)
        time.sleep(chance.uniform(1, 4))
        broker.replicaof("NO", "ONE")


def fill_broker(storm: "Storm", chance: random.Random) -> None:
    """Let the broker have no memory for a while: it refuses messages, and evicts none."""
    with redis.Redis.from_url(storm.broker) as broker:
        broker.config_set("maxmemory", 1)
        time.sleep(chance.uniform(1, 4))
        broker.config_set("maxmemory", 0)


def stall_database(storm: "Storm", chance: random.Random) -> None:
    """Hold what the API and a worker send to the database and hear from it, until leases are over; then pass it on."""
    storm.database_way.stall()
    time.sleep(min(storm.weather.lease_seconds + 2, 12))
    storm.database_way.go_on()


def swallow_database(storm: "Storm", chance: random.Random) -> None:
    """Lose the API's and a worker's connections to the database without a word; new ones get lost for a while, too."""
    storm.database_way.lose()
    time.sleep(chance.uniform(2, 5))
    storm.database_way.mend()


def stall_broker(storm: "Storm", chance: random.Random) -> None:
    """Hold what a worker sends to the broker and hears from it for a while, then pass it on."""
    storm.broker_way.stall()
    time.sleep(chance.uniform(2, 5))
    storm.broker_way.go_on()


def swallow_broker(storm: "Storm", chance: random.Random) -> None:
    """Lose a worker's connections to the broker without a word."""
    storm.broker_way.lose()
    time.sleep(chance.uniform(1, 3))
    storm.broker_way.mend()


CONDITIONS: dict[str, Callable[["Storm", random.Random], None]] = {
    one.__name__: one
    for one in (
        skew_clock,
        fail_over,
        fill_broker,
        stall_database,
        swallow_database,
        stall_broker,
        swallow_broker,
    )
    if one is not skew_clock or library()
}
