"""Keys of one's own: made, seen without their secret, revoked; and none gets more than its maker has."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AbstractUser
from django.utils import timezone

from accounts import selectors
from accounts.models import ApiKey
from accounts.services.keys import create_key
from tests.api.conftest import Caller, faults, problem

KEYS, COUNTS = "/api/v1/keys", "/api/v1/jobs/counts"


@pytest.fixture
def chief(owner: AbstractUser) -> Caller:
    return Caller(owner, ("admin",))


def test_a_key_is_made_works_and_is_revoked(chief: Caller, anonymous: Caller) -> None:
    made = chief.post(KEYS, {"name": "nightly", "scopes": ["read"]})
    assert made.status_code == 201
    text, prefix = made.json()["key"], made.json()["prefix"]
    assert made["Location"] == f"{KEYS}/{prefix}"
    assert made["Cache-Control"] == "no-store"
    with_key = {"Authorization": f"Api-Key {text}"}
    assert anonymous.get(COUNTS, **with_key).status_code == 200
    for _ in range(2):
        assert chief.delete(f"{KEYS}/{prefix}").status_code == 204
    problem(anonymous.get(COUNTS, **with_key), 401, "invalid_api_key")


def test_the_list_shows_no_secret(chief: Caller) -> None:
    text = chief.post(KEYS, {"name": "nightly"}).json()["key"]
    shown = chief.get(KEYS)
    secret = text.split("_", 2)[2]
    assert secret not in shown.content.decode()
    assert ApiKey.objects.get(name="nightly").sha256 not in shown.content.decode()
    first = chief.get(f"{KEYS}?limit=1").json()
    second = chief.get(f"{KEYS}?limit=1&cursor={first['next']}").json()
    assert second["next"] is None
    assert {item["name"] for item in first["items"] + second["items"]} == {"test", "nightly"}


@pytest.mark.parametrize("scopes", [("read",), ("submit",), ("read", "submit")])
def test_a_lesser_key_makes_and_revokes_none(owner: AbstractUser, scopes: tuple[str, ...]) -> None:
    caller, before = Caller(owner, scopes), ApiKey.objects.count()
    problem(caller.post(KEYS, {"name": "more", "scopes": ["read"]}), 403, "scope_missing")
    prefix = ApiKey.objects.get().prefix
    problem(caller.delete(f"{KEYS}/{prefix}"), 403, "scope_missing")
    assert ApiKey.objects.filter(revoked_at__isnull=True).count() == before


def test_a_token_makes_keys(owner: AbstractUser, anonymous: Caller) -> None:
    pair = anonymous.post("/api/v1/token", {"username": "owner", "password": "a long password"}).json()
    made = anonymous.post(KEYS, {"name": "first"}, Authorization=f"Bearer {pair['access']}")
    assert made.status_code == 201
    assert made.json()["scopes"] == ["read", "submit"]
    assert made.json()["expires_at"] is None


def test_a_key_makes_none_that_outlasts_it(owner: AbstractUser, anonymous: Caller) -> None:
    now = timezone.now()
    end = now + timedelta(days=3)
    text = create_key(owner=owner, name="brief", scopes=["admin"], now=now, expires_at=end).text
    with_key = {"Authorization": f"Api-Key {text}"}
    later = {"name": "long", "expires_at": (end + timedelta(seconds=1)).isoformat()}
    assert faults(anonymous.post(KEYS, later, **with_key)) == {("/expires_at", "out_of_bounds")}
    assert anonymous.post(KEYS, {"name": "heir"}, **with_key).status_code == 201
    assert ApiKey.objects.get(name="heir").expires_at == end
    assert not ApiKey.objects.filter(name="long").exists()


def test_bad_bodies_name_every_fault(chief: Caller) -> None:
    before = ApiKey.objects.count()
    found = faults(chief.post(KEYS, {"scopes": ["root"], "expires_at": "2024-01-01T00:00:00", "owner": 1}))
    assert {("/name", "missing"), ("/expires_at", "naive_time"), ("/owner", "unknown_field")} <= found
    assert any(pointer.startswith("/scopes") for pointer, _ in found)
    for body, pointer in (
        ({"name": "n", "scopes": []}, "/scopes"),
        ({"name": "n", "scopes": [["read"]]}, "/scopes/0"),
        ({"name": "n" * 101}, "/name"),
        ({"name": "n", "expires_at": "2001-01-01T00:00:00Z"}, "/expires_at"),
    ):
        assert {pointer} == {where for where, _ in faults(chief.post(KEYS, body))}
    problem(chief.post(KEYS, {"name": "a\0b"}), 400, "forbidden_character")
    assert ApiKey.objects.count() == before


def test_there_are_only_so_many(chief: Caller, monkeypatch: Any) -> None:
    monkeypatch.setattr(selectors, "MAX_KEYS", 2)
    made = chief.post(KEYS, {"name": "second"}).json()
    problem(chief.post(KEYS, {"name": "third"}), 409, "too_many_keys")
    chief.delete(made["links"]["self"])
    assert chief.post(KEYS, {"name": "third"}).status_code == 201


def test_null_is_no_way_to_last_for_ever(owner: AbstractUser, anonymous: Caller) -> None:
    now = timezone.now()
    end = now + timedelta(days=3)
    text = create_key(owner=owner, name="brief", scopes=["admin"], now=now, expires_at=end).text
    anonymous.post(KEYS, {"name": "heir", "expires_at": None}, Authorization=f"Api-Key {text}")
    assert not ApiKey.objects.filter(name="heir", expires_at__isnull=True).exists()
