"""A way to the database on which everything gets lost costs seconds, and 503; a long statement has an end."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import psycopg
import pytest
from django.conf import settings as project
from django.db import OperationalError
from django.db.utils import ConnectionHandler

from gravity.local.ports import LOOPBACK
from gravity.local.services import DATABASE, USER
from gravity.postgresql import complete
from ops.databases import unlimited
from tests.api.server import served
from tests.ops.throwaway_postgresql import Throwaway, Way, running, way_to

ROUTES = ("/api/v1/jobs", "/api/v1/catalog", "/api/v1/series", "/api/v1/scans")
BOUND_SECONDS = 15


@pytest.fixture(scope="module")
def database() -> Iterator[Throwaway]:
    with running() as throwaway:
        yield throwaway


@pytest.fixture
def way(database: Throwaway) -> Iterator[Way]:
    with way_to(database.port) as way:
        yield way


@pytest.fixture
def connection(request: Any, way: Way, settings: Any, django_db_blocker: Any) -> Iterator[Any]:
    """A connection as the settings make it, of a pool or kept."""
    settings.DATABASE_STATEMENT_SECONDS = 1
    told: dict[str, Any] = {"ENGINE": "ops.databases.postgresql", "NAME": DATABASE, "USER": USER}
    told |= {"HOST": LOOPBACK, "PORT": way.port}
    complete(told, pool_size=request.param, connect_seconds=2, silence_seconds=10)
    made: Any = ConnectionHandler({"default": told})["default"]
    with django_db_blocker.unblock():
        yield made
        made.close()
        made.close_pool()


def execute(connection: Any, statement: str) -> float:
    began = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute(statement)
    return time.monotonic() - began


either = pytest.mark.parametrize("connection", [0, 4], indirect=True)


@either
def test_a_statement_has_an_end_but_a_migration_goes_on(connection: Any) -> None:
    with pytest.raises(OperationalError, match="statement timeout"):
        execute(connection, "SELECT pg_sleep(3)")
    unlimited.lift(connection)
    assert execute(connection, "SELECT pg_sleep(3.2)") > 3
    unlimited.restore(connection)
    with pytest.raises(OperationalError, match="statement timeout"):
        execute(connection, "SELECT pg_sleep(3)")


@either
def test_an_answer_that_gets_lost_is_not_waited_for(connection: Any, way: Way) -> None:
    execute(connection, "SELECT 1")
    way.lose()
    began = time.monotonic()
    with pytest.raises(OperationalError, match="did not answer"):
        execute(connection, "SELECT 1")
    assert time.monotonic() - began < 5
    way.mend()
    connection.close_if_unusable_or_obsolete()
    assert execute(connection, "SELECT 1") < 5


@either
def test_what_a_lost_transaction_has_locked_is_free_again_soon(connection: Any, way: Way, database: Throwaway) -> None:
    connection.set_autocommit(False)
    execute(connection, "SELECT pg_advisory_xact_lock(1)")
    way.lose()
    with psycopg.connect(database.url()) as other:
        other.execute("SET lock_timeout = '20s'")
        began = time.monotonic()
        other.execute("SELECT pg_advisory_xact_lock(1)")
        assert time.monotonic() - began <= BOUND_SECONDS


@pytest.mark.parametrize("connection", [4], indirect=True)
def test_one_lost_connection_of_a_pool_speaks_for_all(connection: Any, way: Way) -> None:
    others = [connection.copy() for _ in range(4)]
    for other in others:
        other.ensure_connection()
    for other in others:
        other.close()
    way.lose()
    way.mend()
    assert execute(connection, "SELECT 1") < 3  # one check of a second, not four


@pytest.fixture
def api(database: Throwaway, way: Way, tmp_path: Path) -> Iterator[httpx2.Client]:
    """The API, served over this way, with a key of nobody."""
    told = {**os.environ, "DATABASE_URL": database.url(), "DJANGO_SETTINGS_MODULE": "gravity.settings"}
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(command, env=told, cwd=project.BASE_DIR, check=True)
    with served(tmp_path, threads=8, DATABASE_URL=database.url(port=way.port)) as address:
        key = {"Authorization": f"Api-Key gta_{'0' * 12}_{'x' * 43}"}
        with httpx2.Client(base_url=address, headers=key, timeout=60) as client:
            yield client


def asked(api: httpx2.Client, route: str) -> tuple[httpx2.Response, float]:
    began = time.monotonic()
    answer = api.get(route)
    return answer, time.monotonic() - began


def test_a_lost_way_is_503_within_seconds_and_forgotten_soon_after(api: httpx2.Client, way: Way) -> None:
    assert [api.get(route).status_code for route in ROUTES] == [401] * len(ROUTES)
    way.lose()
    for route in ROUTES[:2]:
        answer, seconds = asked(api, route)
        assert (answer.status_code, answer.headers.get("Retry-After")) == (503, "5"), answer.text
        assert answer.json()["code"] == "database_unavailable"
        assert seconds <= BOUND_SECONDS
    assert api.get("/health/live").status_code == 200
    way.mend()
    began = time.monotonic()
    while api.get(ROUTES[0]).status_code != 401:
        assert time.monotonic() - began <= BOUND_SECONDS
    assert time.monotonic() - began <= BOUND_SECONDS
