"""Where a callback may go."""

import socket
from typing import Any
from urllib.parse import urlsplit

import pytest

from notifications.addresses import NotAllowed, refusal, resolved

INSIDE = [
    "https://127.0.0.1/x",
    "https://127.1/x",
    "https://2130706433/x",
    "https://0x7f000001/x",
    "https://0177.0.0.1/x",
    "https://0.0.0.0/x",
    "https://10.0.0.1/x",
    "https://172.16.0.1/x",
    "https://192.168.1.1/x",
    "https://169.254.169.254/latest/meta-data",
    "https://100.64.0.1/x",
    "https://224.0.0.1/x",
    "https://255.255.255.255/x",
    "https://[::1]/x",
    "https://[::]/x",
    "https://[::ffff:127.0.0.1]/x",
    "https://[::ffff:a9fe:a9fe]/x",
    "https://[64:ff9b::7f00:1]/x",
    "https://[2002:7f00:1::]/x",
    "https://[fe80::1]/x",
    "https://[fc00::1]/x",
    "https://[fec0::1]/x",
    "https://[feff::1]/x",
    "https://[::127.0.0.1]/x",
    "https://[::7f00:1]/x",
    "https://[::93.184.215.14]/x",
    "https://[::ffff:93.184.215.14]/x",
    "https://[::ffff:10.0.0.1]/x",
    "https://[::ffff:0:127.0.0.1]/x",
    "https://[64:ff9b:1::1]/x",
    "https://[100::1]/x",
    "https://[5f00::1]/x",
    "https://[4000::1]/x",
    "https://[3fff::1]/x",
    "https://[3fff:fff::1]/x",
    "https://[2001::1]/x",
    "https://[2001:db8::1]/x",
    "https://[ff0e::1]/x",
    "https://192.88.99.1/x",
    "https://192.0.0.8/x",
    "https://192.0.0.9/x",
    "https://127.0.0.1./x",
    "https://10.0.0.1.:8443/x",
    "https://2130706433./x",
    "https://localhost./x",
    "https://localhost../x",
    "https://metadata.google.internal./x",
    "https://localhost/x",
    "https://api.localhost/x",
    "https://metadata.google.internal/x",
]
WRONG = [
    "http://example.com/x",
    "ftp://example.com/x",
    "file:///etc/passwd",
    "gopher://example.com",
    "https://",
    "https:///x",
    "//example.com/x",
    "example.com",
    "https://user@example.com/x",
    "https://user:secret@example.com/x",
    "https://example.com:22/x",
    "https://example.com:99999/x",
    "https://exa mple.com/x",
    "https://example.com/\r\nx: y",
    "https://ex\u00e4mple.com/x",
    "https://[::1/x",
    "https://example.com./x",
    "https://./x",
    "https://example.com/" + "x" * 2_000,
]


@pytest.mark.parametrize("url", INSIDE + WRONG)
def test_it_is_refused(url: str) -> None:
    assert refusal(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com",
        "https://example.com:8443/a?b=c#d",
        "https://93.184.215.14/x",
        "https://[2606:2800::1]/x",
        "https://[2a00:1450::1]/x",
    ],
)
def test_a_public_address_is_allowed(url: str) -> None:
    assert refusal(url) is None


def test_a_setting_allows_more(settings: Any) -> None:
    settings.CALLBACK_NETWORKS = ["10.2.0.0/16"]
    assert refusal("https://10.2.3.4/x") is None
    assert refusal("https://10.3.3.4/x")
    settings.CALLBACK_ALLOW_HTTP = True
    assert refusal("http://10.2.3.4:80/x") is None


def test_a_name_that_stands_for_an_address_inside_is_refused() -> None:
    # Every machine knows this name.
    with pytest.raises(NotAllowed):
        resolved(urlsplit("https://localhost/x"))


def test_one_address_inside_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    def answers(*_: Any, **__: Any) -> list[Any]:
        kinds = socket.AF_INET, socket.SOCK_STREAM, 6, ""
        return [(*kinds, ("93.184.215.14", 443)), (*kinds, ("169.254.169.254", 443))]

    monkeypatch.setattr(socket, "getaddrinfo", answers)  # a name server of somebody else's
    with pytest.raises(NotAllowed):
        resolved(urlsplit("https://two-faced.example/x"))
