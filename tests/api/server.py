"""The API as it is served: granian in a process of its own, on the database, broker and cache of the test run."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2
from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import connection
from django.utils import timezone

from accounts.services.keys import create_key
from gravity.local.ports import free_ports

READY_SECONDS = 90


def database_url() -> str:
    """Return the address of the test database."""
    told = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{told['NAME']}"
    who = ":".join(quote(told[name], safe="") for name in ("USER", "PASSWORD") if told[name])
    query = f"?host={quote(told['HOST'], safe='')}" if told["HOST"].startswith("/") else ""
    where = "" if query else f"{told['HOST']}:{told['PORT']}"
    return f"postgres://{who}@{where}/{told['NAME']}{query}"


class Address(str):
    """Where the API is served, and by which process; its children answer."""

    __slots__ = ("pid",)
    pid: int


@contextmanager
def served(folder: Path, *, threads: int = 8, options: Sequence[str] = (), **changes: str) -> Iterator[Address]:
    """Serve the API with these settings, and options of the server, and yield its address."""
    (port,) = free_ports(1)
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "gravity.settings",
        "DATA_DIR": str(settings.DATA_DIR),
        "DATABASE_URL": database_url(),
        "BROKER_URL": settings.BROKER_URL,
        "CACHE_URL": settings.CACHE_URL,
        **changes,
    }
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", "1", "--blocking-threads", str(threads), "--http", "1", "--no-ws", "--no-access-log"]
    command += ["--workers-kill-timeout", "1", "--log-level", "warning", *options, "gravity.wsgi:application"]
    with (folder / "api.log").open("wb") as log:
        process = subprocess.Popen(command, env=env, stdout=log, stderr=log, cwd=settings.BASE_DIR)
    try:
        address = Address(f"http://127.0.0.1:{port}")
        address.pid = process.pid
        until = time.monotonic() + READY_SECONDS
        while True:
            try:
                httpx2.get(f"{address}/health/live")
                break
            except httpx2.TransportError:
                if time.monotonic() > until or process.poll() is not None:
                    raise TimeoutError((folder / "api.log").read_text()) from None
                time.sleep(0.05)
        yield address
    finally:
        process.terminate()
        process.wait(10)


def client_of(address: str, user: AbstractUser, **options: Any) -> httpx2.Client:
    """Return a client with a key of this user."""
    key = create_key(owner=user, name="test", scopes=("read", "submit"), now=timezone.now()).text
    return httpx2.Client(base_url=address, headers={"Authorization": f"Api-Key {key}"}, timeout=10, **options)
