"""A worker process on the run's own database and broker."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import redis
from django.conf import settings

from jobs.queues import QUEUES
from tests.api.server import database_url

PATIENCE_SECONDS = 120


@dataclass
class LiveWorker:
    """A worker and what it says."""

    process: "subprocess.Popen[bytes]"
    log: Path

    def lines(self) -> list[dict[str, Any]]:
        """Return the log's lines so far that are JSON."""
        found = [line for line in self.log.read_text().splitlines() if line.startswith("{") and line.endswith("}")]
        return [json.loads(line) for line in found]

    def said(self, event: str, **facts: Any) -> list[dict[str, Any]]:
        """Return the lines of an event with these facts."""
        return [line for line in self.lines() if {"event": event, **facts}.items() <= line.items()]

    def has_taken(self) -> int:
        """Return how many messages it has taken and not acknowledged."""
        with redis.Redis.from_url(settings.BROKER_URL) as client:
            return int(client.hlen("unacked"))  # type: ignore[arg-type]

    def until(self, done: Callable[[], object], what: str = "", *, seconds: float = PATIENCE_SECONDS) -> None:
        """Wait for something while the worker lives."""
        end = time.monotonic() + seconds
        while not done():
            assert self.process.poll() is None, f"the worker ended: {self.log.read_text()[-3_000:]}"
            assert time.monotonic() < end, f"{what}: {self.log.read_text()[-3_000:]}"
            time.sleep(0.1)


@contextmanager
def live_worker(
    folder: Path, *, name: str = "live@here", queues: tuple[str, ...] = QUEUES, **env: str
) -> Iterator[LiveWorker]:
    """Start a worker that says everything, and end it afterwards."""
    told = {
        "DJANGO_SETTINGS_MODULE": "gravity.settings",
        "DATABASE_URL": database_url(),
        "DATABASE_POOL_SIZE": "0",
        "BROKER_URL": settings.BROKER_URL,
        "CACHE_URL": settings.CACHE_URL,
        "LOG_LEVEL": "INFO",
        "HEARTBEAT_DIR": str(folder / "beats"),
        **env,
    }
    command = [sys.executable, "-m", "celery", "-A", "gravity", "worker", "--queues", ",".join(queues), "-n", name]
    command += ["--concurrency", "1", "-O", "fair", "--without-mingle", "--without-gossip", "--loglevel", "INFO"]
    log = folder / f"{name}.log"
    with log.open("wb") as file:
        process = subprocess.Popen(
            command,
            env={**os.environ, **told},
            cwd=settings.BASE_DIR,
            stdout=file,
            stderr=file,
            start_new_session=True,
        )
    try:
        yield LiveWorker(process, log)
    finally:
        with suppress(ProcessLookupError):  # it has ended by itself
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(30)
