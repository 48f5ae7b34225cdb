"""Callers of the API: real requests through every middleware, with a key of their user."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from django.contrib.auth.models import AbstractUser
from django.test import Client
from django.utils import timezone

from accounts.services.keys import create_key
from jobs.models import Blob, Chunk, Job, Transition
from market.models import BarSeries, Instrument, Universe


class Caller:
    """One client with one key; answers are Django's, `problem` checks and decodes one that is a problem."""

    def __init__(self, user: AbstractUser | None, scopes: tuple[str, ...] = ("read", "submit")) -> None:
        self.client = Client(raise_request_exception=False)
        self.headers: dict[str, str] = {}
        if user is not None:
            key = create_key(owner=user, name="test", scopes=scopes, now=timezone.now()).text
            self.headers["Authorization"] = f"Api-Key {key}"

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(path, headers={**self.headers, **_names(headers)})

    def delete(self, path: str, **headers: str) -> Any:
        return self.client.delete(path, headers={**self.headers, **_names(headers)})

    def post(self, path: str, body: Any = b"", **headers: str) -> Any:
        return self._send("post", path, body, headers)

    def put(self, path: str, body: Any = b"", **headers: str) -> Any:
        return self._send("put", path, body, headers)

    def _send(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Any:
        data = body if isinstance(body, bytes) else orjson.dumps(body)
        kind = headers.pop("content_type", "application/json")
        send = getattr(self.client, method)
        return send(path, data=data, content_type=kind, headers={**self.headers, **_names(headers)})


def _names(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def problem(response: Any, status: int, code: str | None = None) -> dict[str, Any]:
    """Return the problem in an answer, after checking that it is one in every respect."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert body["status"] == status
    assert body["request_id"] == response["X-Request-Id"]
    assert {"type", "title", "code", "detail", "instance"} <= body.keys()
    if code is not None:
        assert body["code"] == code
        assert body["type"] == f"urn:gravity:problem:{code}"
    return body


def faults(response: Any, status: int = 422) -> set[tuple[str, str]]:
    """Return (pointer, code) of every fault of a problem."""
    return {(fault["pointer"], fault["code"]) for fault in problem(response, status)["errors"]}


@pytest.fixture
def api(owner: AbstractUser, broker: Any) -> Caller:
    return Caller(owner)


@pytest.fixture
def anonymous(db: None) -> Caller:
    return Caller(None)


@pytest.fixture
def nothing_stored(db: None) -> Callable[[], bool]:
    """Tell whether there is as much stored as when the test began."""

    def counts() -> list[int]:
        models = (Job, Chunk, Transition, Blob, BarSeries, Instrument, Universe)
        return [model._default_manager.count() for model in models]

    before = counts()
    return lambda: counts() == before
