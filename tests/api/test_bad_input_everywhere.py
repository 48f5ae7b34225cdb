"""Hostile requests to every operation of the document: typed 4xx, nothing stored, nothing secret in the log.

What is tried comes out of the document: a new route is tried with all of it.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.utils import timezone

from accounts.models import ApiKey
from accounts.services.keys import create_key
from api.v1.tokens import Open
from tests.api.conftest import Caller, faults, problem
from tests.api.test_bad_input import BAD_BODIES
from tests.api.test_isolation import things

__all__ = ["things"]

DOCUMENT = yaml.safe_load((settings.BASE_DIR / "docs" / "openapi.yaml").read_text())
OPERATIONS = {
    f"{verb.upper()} {path}": operation
    for path, verbs in DOCUMENT["paths"].items()
    for verb, operation in verbs.items()
    if verb in ("get", "post", "put", "delete")
}
WITH_BODY = [name for name, operation in OPERATIONS.items() if "requestBody" in operation]
WITH_QUERY = [
    name for name, operation in OPERATIONS.items() if any(p["in"] == "query" for p in operation.get("parameters", []))
]
CLOSED = [name for name in OPERATIONS if not name.startswith("POST /api/v1/token")]
WITH_PART = sorted({name.split()[1] for name in OPERATIONS if "{" in name})
HUGE = "9" * 4_000
SECRET = "hunter2-hunter2-hunter2"


@pytest.fixture
def chief(owner: AbstractUser, broker: Any) -> Caller:
    """May do whatever an owner may, and staff, so that nothing is refused for want of a scope or a permission."""
    owner.is_staff = owner.is_superuser = True
    owner.save()
    return Caller(owner, ("admin",))


def sent(caller: Caller, operation: str, things: dict[str, Any], *, query: str = "", **more: Any) -> Any:
    verb, path = operation.split()
    return getattr(caller, verb.lower())(path.format(**things) + query, **more)


def shape_of(operation: str) -> dict[str, Any]:
    reference = OPERATIONS[operation]["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    shape: dict[str, Any] = DOCUMENT["components"]["schemas"][reference.rpartition("/")[2]]
    return shape


@pytest.mark.parametrize("operation", WITH_BODY)
def test_bad_bodies(
    chief: Caller, things: dict[str, Any], nothing_stored: Callable[[], bool], operation: str, caplog: Any
) -> None:
    keys = ApiKey.objects.count()
    caplog.set_level(logging.INFO)
    for body, status, code in BAD_BODIES.values():
        if operation not in CLOSED and len(body) > Open.body_max_bytes:
            status, code = 413, "body_too_large"
        problem(sent(chief, operation, things, body=body), status, code)
    problem(sent(chief, operation, things, body=b"\x1f\x8b\x08", Content_Encoding="gzip"), 415)
    problem(sent(chief, operation, things, body=b"a=1", content_type="application/x-www-form-urlencoded"), 415)
    for field in [*shape_of(operation)["properties"], "colour"]:
        found = faults(sent(chief, operation, things, body={field: {"password": SECRET}}))
        assert any(pointer.startswith(f"/{field}") for pointer, _ in found), (field, found)
    assert ("/colour", "unknown_field") in faults(sent(chief, operation, things, body={"colour": HUGE[:3_000]}))
    assert nothing_stored()
    assert ApiKey.objects.count() == keys
    lines = " ".join(record.getMessage() for record in caplog.records)
    assert "request_completed" in lines
    for secret in (SECRET, chief.headers["Authorization"].split("_", 2)[2]):
        assert secret not in lines


@pytest.mark.parametrize("operation", WITH_BODY)
def test_all_fields_wrong_are_all_named(chief: Caller, things: dict[str, Any], operation: str) -> None:
    fields = [*shape_of(operation)["properties"], "colour"]
    found = faults(sent(chief, operation, things, body={field: {"password": SECRET} for field in fields}))
    named = {pointer.split("/")[1] for pointer, _ in found if pointer}
    assert set(fields) <= named, set(fields) - named


@pytest.mark.parametrize("operation", WITH_QUERY)
def test_bad_queries(chief: Caller, things: dict[str, Any], operation: str) -> None:
    body = {"body": {}} if operation in WITH_BODY else {}
    given = [p for p in OPERATIONS[operation]["parameters"] if p["in"] == "query"]
    wrong = ["colour=red"]
    for parameter in given:
        name, kind = parameter["name"], parameter["schema"].get("type")
        wrong += [f"{name}=a%00b", f"{name}=1&{name}={'c' * 5_000}"]
        wrong += [f"{name}={value}" for value in ("many", "-1", "1.5", HUGE)] if kind == "integer" else []
        wrong += [f"{name}=abc%ff", f"{name}=abc"] if name == "cursor" and "job" in operation else []
    for query in wrong:
        found = sent(chief, operation, things, query=f"?{query}", **body)
        assert found.status_code == 422, (query[:60], found.status_code, found.content[:300])
        problem(found, 422)


@pytest.mark.parametrize("operation", CLOSED)
def test_expired_and_forged_keys(
    owner: AbstractUser,
    things: dict[str, Any],
    anonymous: Caller,
    nothing_stored: Callable[[], bool],
    operation: str,
    caplog: Any,
) -> None:
    caplog.set_level(logging.INFO)
    now = timezone.now()
    days = timedelta(days=1)
    old = create_key(owner=owner, name="old", scopes=["admin"], now=now - 2 * days, expires_at=now - days).text
    good = create_key(owner=owner, name="good", scopes=["admin"], now=now).text
    for key in (old, good[:-1] + ("a" if good[-1] != "a" else "b"), good + "a", good.upper(), "gta_" + HUGE):
        problem(sent(anonymous, operation, things, Authorization=f"Api-Key {key}"), 401, "invalid_api_key")
    problem(sent(anonymous, operation, things), 401, "not_authenticated")
    assert nothing_stored()
    lines = " ".join(record.getMessage() for record in caplog.records)
    assert "invalid_api_key" in lines
    assert good[18:-1] not in lines
    assert old[18:] not in lines


@pytest.mark.parametrize("path", WITH_PART)
@pytest.mark.parametrize(
    "part", [HUGE, "a%00b", "%ff%fe", "..%2f..%2fetc%2fpasswd", "%F0%9F%92%A9", "'%20OR%201=1--", "-1"]
)
def test_ids_that_cannot_be(chief: Caller, path: str, part: str) -> None:
    hostile = path.replace("{", "\0").replace("}", "\0").split("\0")
    for verb in ("get", "post", "put", "delete"):
        answer = getattr(chief, verb)("".join(part if n % 2 else text for n, text in enumerate(hostile)))
        problem(answer, 404)


def test_the_document_was_read_and_is_covered() -> None:
    assert set(WITH_BODY) >= {"POST /api/v1/jobs", "POST /api/v1/keys", "PUT /api/v1/universes/{name}"}
    print("\n".join(["covered:", *(f"{name}{' with body' * (name in WITH_BODY)}" for name in OPERATIONS)]))
