"""The whole system in processes of its own: stores, API, worker, beat, Flower, and a client with a key."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest

from gravity.local import processes
from gravity.local.client import Client
from gravity.local.environment import LocalSystem, Ports
from gravity.local.process_spec import ProcessSpec
from gravity.local.startup import running
from gravity.local.supervisor import Supervisor
from tests.settings import EMBEDDED

# Each of pytest-xdist's processes has one of its own.
DATABASE = f"gravity_e2e_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"


@dataclass
class Running:
    """A running system and the means to hurt it."""

    local: LocalSystem
    supervisor: Supervisor
    key: str

    def client(self) -> Client:
        return Client(self.local.api, self.key)

    def http(self) -> httpx2.Client:
        return httpx2.Client(base_url=self.local.api, headers={"Authorization": f"Api-Key {self.key}"}, timeout=10)

    def part(self, name: str) -> ProcessSpec:
        every = [*processes.stores(self.local), *processes.workers(self.local)]
        return next(part for part in every if part.name == name)

    def wait(self, ready: Callable[[], bool], seconds: float, what: str) -> None:
        self.supervisor.wait(ready, seconds, what)

    def finished(self, job: dict[str, Any], seconds: float = 120) -> dict[str, Any]:
        with self.client() as client:
            return client.follow(job, self.supervisor.check, seconds)


def services() -> dict[str, str]:
    """The database and Redis of a run on given services, a database of its own in them; nothing on the default."""
    if EMBEDDED in os.environ:
        return {}
    chosen = {name: os.environ[name] for name in ("DATABASE_URL",) if name in os.environ}
    return {name: f"{url.rsplit('/', 1)[0]}/{DATABASE}" for name, url in chosen.items()}


@contextmanager
def started(folder: Path, *, flower: bool = False) -> Iterator[Running]:
    """Run the whole system in a folder, on an empty database of its own, with Flower for those who look at it."""
    chosen = services()
    if "DATABASE_URL" in chosen:
        create_database(os.environ["DATABASE_URL"], DATABASE)
    local = LocalSystem(folder, Ports.free(), chosen)
    every = processes.workers
    with pytest.MonkeyPatch.context() as patch:
        if not flower:
            patch.setattr(processes, "workers", lambda of: [part for part in every(of) if part.name != "flower"])
        with running(local) as supervisor:
            yield Running(local, supervisor, local.key_file.read_text().strip())


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Running]:
    with pytest.MonkeyPatch.context() as patch:
        # A client's own server is on this machine here.
        patch.setenv("CALLBACK_NETWORKS", "127.0.0.0/8")
        patch.setenv("CALLBACK_ALLOW_HTTP", "true")
        flower = getattr(request.module, "FLOWER", False)
        with started(Path(tmp_path_factory.mktemp("system")), flower=flower) as system:
            yield system


def create_database(url: str, name: str) -> None:
    """Make an empty database beside the given one."""
    import psycopg
    from psycopg import sql

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
