"""Behind a proxy with TLS everything comes by https; probes and callers inside the cluster go on as they came."""

from typing import Any

import pytest
from django.test import Client


@pytest.fixture(autouse=True)
def _behind_a_proxy(settings: Any) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.HTTPS_REDIRECT = True


def test_what_came_over_http_is_sent_to_https(client: Client) -> None:
    answer = client.get("/docs?a=1&b=%2F", headers={"X-Forwarded-Proto": "http"})
    assert (answer.status_code, answer["Location"]) == (301, "https://testserver/docs?a=1&b=%2F")


@pytest.mark.parametrize("headers", [{"X-Forwarded-Proto": "https"}, {}])
def test_what_came_by_tls_or_past_the_proxy_is_answered(client: Client, headers: dict[str, str]) -> None:
    assert client.get("/docs", headers=headers).status_code == 200


@pytest.mark.parametrize("path", ["/health", "/health/live", "/health/ready", "/metrics"])
def test_probes_are_answered_however_they_come(db: None, broker: Any, client: Client, path: str) -> None:
    assert client.get(path, headers={"X-Forwarded-Proto": "http", "Host": "10.1.2.3"}).status_code in (200, 503)


@pytest.mark.parametrize("host", ["evil.example", "testserver@evil.example", "testserver:x"])
def test_nobody_is_sent_elsewhere(client: Client, host: str) -> None:
    answer = client.get("/docs", headers={"X-Forwarded-Proto": "http", "Host": host})
    assert answer.status_code == 400


def test_without_a_proxy_its_header_is_nobodys_word(client: Client, settings: Any) -> None:
    settings.SECURE_PROXY_SSL_HEADER = None
    assert client.get("/docs", headers={"X-Forwarded-Proto": "http"}).status_code == 200


def test_who_may_see_http_again_is_told_how_long_not(settings: Any) -> None:
    settings.SECURE_HSTS_SECONDS = 60
    client = Client()
    assert client.get("/docs", headers={"X-Forwarded-Proto": "https"})["Strict-Transport-Security"] == "max-age=60"
    assert not client.get("/docs").has_header("Strict-Transport-Security")
