"""Health: what is lost is named, and only the database decides whether work can be accepted."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.utils import OperationalError
from django.test import Client

from ops import components

pytestmark = pytest.mark.alone

# Nobody listens on port 9, and the last address is one that swallows packets.
REFUSING = "redis://127.0.0.1:9/0"
SILENT = "redis://:secret@192.0.2.1:6379/0"


@pytest.fixture
def forgotten() -> Iterator[None]:
    """Let migrations be looked up again, before and after."""
    components._migrated = False
    yield
    components._migrated = False


def test_all_is_well(db: None, client: Client, broker: Any, cache: Any) -> None:
    body = client.get("/health").json()
    assert body["status"] == "ok"
    assert body["components"].keys() == {"database", "migrations", "broker", "cache", "worker", "beat"}
    for name in ("database", "broker", "cache"):
        assert body["components"][name]["status"] == "ok"
        assert body["components"][name]["latency_ms"] >= 0


@pytest.mark.parametrize("url", [REFUSING, SILENT, "sentinel://nowhere", "not a url"])
def test_a_lost_broker_and_cache_only_degrade(db: None, client: Client, settings: Any, url: str) -> None:
    settings.BROKER_URL = settings.CACHE_URL = url
    began = time.monotonic()
    response = client.get("/health")
    assert time.monotonic() - began < 3
    assert response.status_code == 200
    assert response.json()["status"] == "degraded"
    assert response.json()["components"]["broker"]["status"] == "failed"
    assert b"secret" not in response.content


def test_ready_does_not_ask_redis(db: None, client: Client, settings: Any) -> None:
    settings.BROKER_URL = settings.CACHE_URL = SILENT
    began = time.monotonic()
    response = client.get("/health/ready")
    assert time.monotonic() - began < 1
    assert response.status_code == 200
    assert response.json()["components"].keys() == {"database", "migrations"}


def test_without_the_database_nothing_is_ready_but_the_process_lives(
    db: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost() -> None:
        raise OperationalError("connection to server at 10.0.0.5 failed")

    with monkeypatch.context() as patch:
        patch.setattr(connection, "cursor", lost)
        for path in ("/health", "/health/ready"):
            response = client.get(path)
            assert response.status_code == 503
            assert response.json()["status"] == "unavailable"
            assert b"10.0.0.5" not in response.content
        assert client.get("/health/live").status_code == 200


def test_a_pending_migration_keeps_the_process_from_being_ready(db: None, client: Client, forgotten: None) -> None:
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.recorder import MigrationRecorder

    (last,) = MigrationLoader(connection).graph.leaf_nodes("api")
    MigrationRecorder(connection).record_unapplied(*last)
    response = client.get("/health/ready")
    assert response.status_code == 503
    assert response.json()["components"]["migrations"]["status"] == "pending"
    MigrationRecorder(connection).record_applied(*last)
    assert client.get("/health/ready").status_code == 200


def test_kubelet_and_prometheus_may_call_by_address(db: None, client: Client) -> None:
    for path in ("/health/live", "/health/ready", "/metrics"):
        assert client.get(path, headers={"Host": "10.1.2.3:8000"}).status_code == 200
    assert client.get("/", headers={"Host": "10.1.2.3:8000"}).status_code == 400


def test_only_reading_is_allowed(db: None, client: Client) -> None:
    assert client.post("/health").status_code == 405
    assert client.head("/health/live").status_code == 200
