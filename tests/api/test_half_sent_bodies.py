"""A body that ends before its announced length is refused, also where what came is a whole document."""

import json
import socket
import struct
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import AbstractUser

from jobs.models import Job
from tests.api.server import client_of, served

JOB = {"symbols": ["W0"], "analyses": ["rsi"]}

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_whole_document_in_half_a_body_is_no_job(
    owner: AbstractUser, walks: list[str], broker: object, cache: object, tmp_path: Path
) -> None:
    body = json.dumps(JOB).encode()
    with served(tmp_path) as address, client_of(address, owner) as http:
        key = http.headers["Authorization"]
        assert b'"body_incomplete"' in half_sent(address, key, b"", 10)
        for missing in (1, 2_000, 1_000_000):
            answer = half_sent(address, key, body, len(body) + missing)
            assert b" 400 " in answer.splitlines()[0]
            assert b'"body_incomplete"' in answer
        half_sent(address, key, body, len(body) + 1, reset=True)
        assert http.get("/api/v1/jobs").json()["items"] == []
        assert http.post("/api/v1/jobs", content=body, headers={"Content-Type": "application/json"}).status_code == 202
        assert Job.objects.count() == 1
        assert "internal_error" not in (tmp_path / "api.log").read_text()


def half_sent(address: str, key: str, body: bytes, announced: int, *, reset: bool = False) -> bytes:
    """Send the body as if there were more, and end the sending; return what is answered."""
    place = urlsplit(address)
    head = f"POST /api/v1/jobs HTTP/1.1\r\nHost: {place.netloc}\r\nAuthorization: {key}\r\nConnection: close\r\n"
    head += f"Content-Type: application/json\r\nContent-Length: {announced}\r\n\r\n"
    with socket.create_connection((place.hostname, place.port), timeout=10) as sender:
        sender.sendall(head.encode() + body)
        if reset:
            sender.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return b""
        sender.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: sender.recv(65_536), b""))
