"""What can happen to a system: each of these hurts it once and, where that is the outside world's part, heals it."""

import os
import random
import signal
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import redis

from gravity.local.services import redis_answers
from jobs.queues import CHUNK_QUEUES
from tests.chaos.conditions import CONDITIONS
from tests.grace import GRACE_SECONDS

if TYPE_CHECKING:
    from tests.chaos.storm import Storm

WORKERS = ("worker1", "worker2")


def kill_worker(storm: "Storm", chance: random.Random) -> None:
    """Kill a worker and its children in the middle of their work, and start it again."""
    storm.supervisor.start(storm.supervisor.kill(chance.choice(WORKERS)))


def stop_worker_softly(storm: "Storm", chance: random.Random) -> None:
    """Stop a worker as a rolling update does, and start it again."""
    name = chance.choice(WORKERS)
    part, process = storm.supervisor.running.pop(name)
    process.terminate()
    process.wait(GRACE_SECONDS)
    storm.supervisor.start(part)


def empty_broker(storm: "Storm", chance: random.Random) -> None:
    """Kill the broker with all its messages and start an empty one after a while."""
    part = storm.supervisor.kill("broker")
    time.sleep(chance.uniform(0.5, 3))
    storm.supervisor.start(part)
    url = storm.local.chosen["BROKER_URL"]
    storm.supervisor.wait(lambda: redis_answers(url), 30, "The broker did not come back")


def restart_database(storm: "Storm", chance: random.Random) -> None:
    """Stop the database, breaking every connection, and start it again after a while."""
    part, process = storm.supervisor.running.pop("postgres")
    process.send_signal(signal.SIGINT)  # PostgreSQL's fast stop
    process.wait(60)
    time.sleep(chance.uniform(0.2, 1.5))
    storm.supervisor.start(part)


def kill_api_between_commit_and_publish(storm: "Storm", chance: random.Random) -> None:
    """Freeze the broker so that a submission commits and then hangs on its way there, and kill the API."""
    _, broker = storm.supervisor.running["broker"]
    broker.send_signal(signal.SIGSTOP)
    try:
        time.sleep(0.5)  # the clients' submissions have committed by now, and wait
        part = storm.supervisor.kill("api")
    finally:
        broker.send_signal(signal.SIGCONT)
    storm.supervisor.start(part)


def second_beat(storm: "Storm", chance: random.Random) -> None:
    """Run another beat beside the first for a while."""
    storm.start("beat2")
    time.sleep(4)
    storm.supervisor.kill("beat2")


def pause_worker(storm: "Storm", chance: random.Random) -> None:
    """Freeze a worker until its leases are over, so that it wakes up as one that has been replaced."""
    _, process = storm.supervisor.running[chance.choice(WORKERS)]
    os.killpg(process.pid, signal.SIGSTOP)
    time.sleep(storm.weather.lease_seconds + 2)
    os.killpg(process.pid, signal.SIGCONT)


def deliver_twice(storm: "Storm", chance: random.Random) -> None:
    """Put every message that waits in the broker there a second time."""
    with redis.Redis.from_url(storm.local.chosen["BROKER_URL"]) as broker:
        for queue in CHUNK_QUEUES:
            waiting = broker.lrange(queue, 0, -1)
            if waiting:
                broker.lpush(queue, *waiting)


def kill_cache(storm: "Storm", chance: random.Random) -> None:
    """Kill the cache and start an empty one."""
    part = storm.supervisor.kill("cache")
    time.sleep(chance.uniform(0.2, 1))
    storm.supervisor.start(part)


LOSSES: dict[str, Callable[["Storm", random.Random], None]] = {
    one.__name__: one
    for one in (
        kill_worker,
        empty_broker,
        restart_database,
        kill_api_between_commit_and_publish,
        second_beat,
        pause_worker,
        deliver_twice,
        stop_worker_softly,
        kill_cache,
    )
}
# Those first in which something ends.
KINDS = LOSSES | CONDITIONS
