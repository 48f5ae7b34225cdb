"""A Redis of a test's own: with a password, behind TLS, or found by a Sentinel."""

import contextlib
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gravity.local.ports import LOOPBACK, free_ports

READY_SECONDS = 20
# As the chart starts it: helm/technical-analysis/templates/redis.yaml.
COMMAND = 'exec redis-server "$@" ${REDISCLI_AUTH:+--requirepass "$REDISCLI_AUTH"}'


@contextlib.contextmanager
def running(folder: Path, *arguments: str, port: int, password: str = "") -> Iterator[None]:
    """Run one in a folder until it takes connections; skip where redis-server is not installed."""
    if not shutil.which("redis-server"):
        pytest.skip("redis-server was not found")
    env = {**os.environ, "REDISCLI_AUTH": password}
    command = ["sh", "-c", COMMAND, "redis", *arguments, "--dir", str(folder)]
    with subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL) as server:
        try:
            _wait(port)
            yield
        finally:
            server.terminate()


@contextlib.contextmanager
def behind_sentinel(folder: Path, name: str) -> Iterator[str]:
    """Run a Redis and a Sentinel that watches it; yield the Sentinel's address."""
    store, sentinel = free_ports(2)
    told = folder / "sentinel.conf"
    told.write_text(f"port {sentinel}\nsentinel monitor {name} {LOOPBACK} {store} 1\n")
    with running(folder, "--port", str(store), "--save", "", port=store):
        command = ["redis-server", str(told), "--sentinel"]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as watching:
            try:
                _wait(sentinel)
                yield f"sentinel://{LOOPBACK}:{sentinel}/0"
            finally:
                watching.terminate()


def _wait(port: int) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection((LOOPBACK, port)):
            return
        time.sleep(0.05)
    pytest.fail(f"nothing listens on {port}")
