"""Beat's own /metrics."""

from typing import Any
from urllib.request import urlopen

import pytest
from django.test import Client

from gravity.local.ports import free_ports
from tasks.worker import exposition


@pytest.mark.django_db(transaction=True)
def test_beat_shows_the_systems_series(settings: Any) -> None:
    (port,) = free_ports(1)
    settings.BEAT_METRICS_PORT = port
    exposition.serve_system()
    with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
        text = answer.read().decode()
    assert 'queue_depth{queue="interactive"} 0.0' in text
    assert "outbox_lag_seconds 0.0" in text


def test_without_a_port_nothing_listens(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.BEAT_METRICS_PORT = 0
    monkeypatch.setattr(exposition, "start_http_server", lambda *_, **__: pytest.fail("a server was started"))
    exposition.serve_system()


@pytest.mark.django_db
def test_where_beat_serves_them_the_api_leaves_them_out(client: Client, settings: Any) -> None:
    assert "queue_depth" in client.get("/metrics").content.decode()
    settings.API_SYSTEM_METRICS = False
    text = client.get("/metrics").content.decode()
    assert "queue_depth" not in text
    assert "http_requests_total" in text
