"""Universes over HTTP."""

import pytest
from django.contrib.auth.models import AbstractUser

from tests.api.conftest import Caller, faults, problem

UNIVERSES = "/api/v1/universes"


def test_write_read_replace_delete(api: Caller) -> None:
    created = api.put(f"{UNIVERSES}/mine", {"symbols": ["aapl", "MSFT"]})
    assert created.status_code == 201, created.content
    assert created["Location"] == f"{UNIVERSES}/mine"
    assert created.json()["symbols"] == ["AAPL", "MSFT"]
    replaced = api.put(f"{UNIVERSES}/mine", {"symbols": ["IBM"]})
    assert replaced.status_code == 200
    assert api.get(f"{UNIVERSES}/mine").json()["symbols"] == ["IBM"]
    assert api.delete(f"{UNIVERSES}/mine").status_code == 204
    problem(api.get(f"{UNIVERSES}/mine"), 404, "unknown_universe")


def test_lists_and_owners(api: Caller, walks: list[str], stranger: AbstractUser) -> None:
    for name in ("a", "b", "c"):
        api.put(f"{UNIVERSES}/{name}", {"symbols": ["AAPL"]})
    first = api.get(f"{UNIVERSES}?limit=2").json()
    second = api.get(f"{UNIVERSES}?limit=2&cursor={first['next']}").json()
    assert [universe["name"] for universe in first["items"] + second["items"]] == ["a", "b", "c", "walks"]
    assert second["next"] is None
    other = Caller(stranger)
    assert [universe["name"] for universe in other.get(UNIVERSES).json()["items"]] == ["walks"]
    problem(other.get(f"{UNIVERSES}/a"), 404, "unknown_universe")
    problem(other.delete(f"{UNIVERSES}/a"), 404, "unknown_universe")
    problem(other.delete(f"{UNIVERSES}/walks"), 404, "unknown_universe")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, ("/symbols", "missing")),
        ({"symbols": []}, ("/symbols", "empty")),
        ({"symbols": "AAPL"}, ("/symbols", "wrong_type")),
        ({"symbols": ["AAPL", "aapl"]}, ("/symbols/1", "duplicate_symbol")),
        ({"symbols": ["AAPL", "A B"]}, ("/symbols/1", "invalid_symbol")),
        ({"symbols": ["AAPL"], "name": "x"}, ("/name", "unknown_field")),
    ],
)
def test_bad_universes(api: Caller, body: dict[str, object], expected: tuple[str, str]) -> None:
    assert expected in faults(api.put(f"{UNIVERSES}/mine", body))
    problem(api.get(f"{UNIVERSES}/mine"), 404)


@pytest.mark.parametrize("name", ["a b", "a%00b", "a" * 65, "-a", "a/b"])
def test_names_that_cannot_be(api: Caller, name: str) -> None:
    problem(api.put(f"{UNIVERSES}/{name}", {"symbols": ["AAPL"]}), 404, "not_found")
