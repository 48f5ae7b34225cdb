"""A worker outlives whatever lies in the broker, and a broker that refuses; each kind is counted under its reason."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest
import redis
from django.conf import settings

from gravity.local.ports import free_ports
from jobs.queues import MAINTENANCE, QUEUES
from tasks.worker.broker_keys import ASIDE
from tasks.worker.intake import REASONS
from tasks.worker.message_form import fault_of
from tests.api.server import database_url
from tests.conftest import Server
from tests.tasks.worker.garbage import GARBAGE, message, written

PATIENCE_SECONDS = 90


class Worker:
    """A worker process on a broker of its own."""

    def __init__(self, process: "subprocess.Popen[bytes]", broker: "redis.Redis", metrics_port: int, log: Path) -> None:
        self.process, self.broker, self._port, self._log = process, broker, metrics_port, log

    def takes_messages(self) -> None:
        """Send a good message and wait until it is taken."""
        self.until(self._sent)
        self.until(lambda: not self.broker.llen(MAINTENANCE))

    def until(self, done: Callable[[], bool]) -> None:
        """Wait for something while the worker lives."""
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            assert self.process.poll() is None, f"the worker ended: {self._log.read_text()[-3_000:]}"
            try:
                if done():
                    return
            except (redis.ResponseError, URLError, ConnectionError):
                pass
            assert time.monotonic() < end, self._log.read_text()[-3_000:]
            time.sleep(0.1)

    def counted(self) -> Counter[str]:
        """Return how much garbage it has counted, by reason."""
        with urlopen(f"http://127.0.0.1:{self._port}/metrics", timeout=10) as answer:
            text = answer.read().decode()
        return Counter({r: int(float(n)) for r, n in re.findall(r'broker_garbage_total{reason="(\w+)"} (\S+)', text)})

    def _sent(self) -> bool:
        self.broker.lpush(MAINTENANCE, json.dumps(message()))
        return True


@contextmanager
def working(folder: Path, lies_there: Callable[["redis.Redis"], Any] = lambda broker: None) -> Iterator[Worker]:
    """Start a broker, put something into it, and start a worker."""
    port, metrics_port = free_ports(2)
    server = Server(f"redis://127.0.0.1:{port}/0", "noeviction")
    server.start()
    told = {
        "DJANGO_SETTINGS_MODULE": "gravity.settings",
        "DATABASE_URL": database_url(),
        "DATABASE_POOL_SIZE": "0",
        "BROKER_URL": server.url,
        "CACHE_URL": server.url,
        "PROMETHEUS_MULTIPROC_DIR": str(folder / "metrics"),
        "WORKER_METRICS_PORT": str(metrics_port),
    }
    command = [sys.executable, "-m", "celery", "-A", "gravity", "worker", "--queues", ",".join(QUEUES)]
    command += ["--concurrency", "1", "-O", "fair", "--without-mingle", "--without-gossip", "--loglevel", "WARNING"]
    log = folder / "worker.log"
    try:
        with redis.Redis.from_url(server.url) as broker, log.open("wb") as file:
            lies_there(broker)
            process = subprocess.Popen(
                command,
                env={**os.environ, **told},
                cwd=settings.BASE_DIR,
                stdout=file,
                stderr=file,
                start_new_session=True,
            )
            try:
                yield Worker(process, broker, metrics_port, log)
            finally:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(30)
    finally:
        server.stop()


def test_garbage_is_left_out_and_counted(django_db_setup: None, tmp_path: Path) -> None:
    def forgotten(broker: "redis.Redis") -> None:
        """Two entries that no worker has acknowledged for hours, and that no worker can read."""
        broker.hset("unacked", mapping={"a": b"\xff", "b": b"17"})
        broker.zadd("unacked_index", {"a": 1, "b": 1})

    with working(tmp_path, forgotten) as worker:
        worker.takes_messages()
        # Each kind is there before the first of it, which an alert would else not see.
        assert set(worker.counted()) == set(REASONS)
        for content, _ in GARBAGE.values():
            worker.broker.lpush(MAINTENANCE, written(content))
        worker.broker.publish("/0.celery.pidbox", b"\xff\xfe")
        worker.broker.publish("/0.celery.pidbox", b"17")
        worker.takes_messages()
        expected = Counter(reason for _, reason in GARBAGE.values() if reason) + Counter(unacked=2, control=1)
        worker.until(lambda: worker.counted() == expected)
        worker.until(lambda: not worker.broker.hlen("unacked"))


def test_keys_of_a_wrong_kind_are_put_aside(django_db_setup: None, tmp_path: Path) -> None:
    keys = ("patterns", MAINTENANCE, "unacked", "unacked_index", "_kombu.binding.maintenance")
    with working(tmp_path) as worker:
        worker.takes_messages()
        for key in keys:
            worker.broker.delete(key)
            worker.broker.set(key, "x")
            worker.takes_messages()
            # The bindings are looked at when the worker connects.
            if not key.startswith("_kombu"):
                worker.until(lambda key=key: worker.broker.get(ASIDE + key) == b"x")
        worker.takes_messages()


def refuse_as_replica(broker: "redis.Redis") -> None:
    broker.replicaof("127.0.0.1", 1)


def obey_again(broker: "redis.Redis") -> None:
    broker.replicaof("NO", "ONE")


@pytest.mark.parametrize(
    ("refuse", "relent"),
    [
        (refuse_as_replica, obey_again),
        (lambda broker: broker.config_set("maxmemory", 1), lambda broker: broker.config_set("maxmemory", 0)),
        # As on a disk that is full, when it is asked to have written before it goes on.
        (
            lambda broker: broker.config_set("min-replicas-to-write", 1),
            lambda broker: broker.config_set("min-replicas-to-write", 0),
        ),
    ],
    ids=["replica", "memory", "writes"],
)
def test_a_broker_that_refuses_is_waited_out(
    django_db_setup: None, tmp_path: Path, refuse: Callable[[Any], Any], relent: Callable[[Any], Any]
) -> None:
    with working(tmp_path) as worker:
        worker.takes_messages()
        refuse(worker.broker)
        time.sleep(3)
        assert worker.process.poll() is None
        relent(worker.broker)
        worker.takes_messages()


def test_what_celery_sends_has_the_form() -> None:
    assert fault_of(message()) is None
    assert {name: fault_of(content) for name, (content, reason) in GARBAGE.items() if reason is None} == {
        name: None for name, (_, reason) in GARBAGE.items() if reason is None
    }
