"""Nobody meets what belongs to another: every route of the API, with another owner's things in its place."""

from typing import Any

import pytest
from django.contrib.auth.models import AbstractUser
from django.urls import reverse

from api.urls import urlpatterns
from tests.api.conftest import Caller
from tests.api.test_bad_input import bars
from tests.api.test_jobs import JOBS, run, submitted
from tests.scans.test_tick import make

VERBS = ("get", "post", "put", "delete")
# Routes that name nothing of anybody's.
NOBODYS = {"token", "token-refresh", "token-revoke", "catalog", "catalog-entry", "models", "model", "schema", "docs"}
# Staff's alone (tests/api/test_operators.py).
NOBODYS |= {"queues", "queue-pause", "queue-resume", "read-only"}
# Routes that list or make one's own; what they answer must not show another's.
OWN = {
    "jobs": {},
    "jobs-counts": {},
    "callback-secret": {},
    "keys": {},
    "jobs-bulk": {"jobs": [{"analyses": ["rsi"], "symbols": ["MINE"]}]},
    "indicators-compute": {"analyses": ["rsi"], "universe": "mine"},
    "patterns-detect": {"analyses": ["doji"], "symbols": ["MINE"]},
    "ml-predict": {"symbols": ["MINE"]},
    "ml-train": {"universe": "mine"},
    "series": {},
    "universes": {},
    "scans": {},
    "storage": {},
}


@pytest.fixture
def things(api: Caller, owner: AbstractUser, walks: list[str]) -> dict[str, Any]:
    """What the owner has: a job that is over, a series, a universe, a scan."""
    body = {"symbol": "MINE", "timeframe": "1d", "adjustment": "raw", "bars": bars(60)}
    body["bars"].pop("symbol", None)
    assert api.post("/api/v1/series", body).status_code == 201
    assert api.put("/api/v1/universes/mine", {"symbols": ["MINE"]}).status_code in (200, 201)
    make(owner, name="mine", universe="mine")
    job = submitted(api, tags=["mine"])
    run(job["id"])
    of_series = {"symbol": "MINE", "timeframe": "1d"}
    return {"job_id": job["id"], **of_series, "name": "mine", "prefix": key_of(api), "version": "1.0.0"}


def key_of(caller: Caller) -> str:
    """The prefix of the key that the caller uses."""
    return caller.headers["Authorization"].split("_")[1]


def routes() -> dict[str, Any]:
    return {pattern.name: pattern for pattern in urlpatterns if pattern.name}


def test_every_route_has_its_case() -> None:
    named = {name for name, pattern in routes().items() if pattern.pattern.converters}
    assert set(routes()) - named - NOBODYS - set(OWN) == set()


def test_another_owners_things_are_not_there(things: dict[str, Any], stranger: AbstractUser) -> None:
    other, covered = Caller(stranger, ("admin",)), []
    for name, pattern in routes().items():
        if name in NOBODYS or not pattern.pattern.converters:
            continue
        path = reverse(name, kwargs={key: things[key] for key in pattern.pattern.converters})
        for verb in VERBS:
            answer = getattr(other, verb)(path)
            made_own = verb == "put" and name == "universe"  # a name of one's own, refused for its empty body
            allowed = {404, 405} | ({400} if made_own or verb in ("post", "put") else set())
            assert answer.status_code in allowed, (verb, path, answer.status_code, answer.content[:200])
            covered.append(f"{verb.upper()} {path}")
    print("\n".join(["covered:", *covered]))


def test_lists_show_ones_own_only(api: Caller, things: dict[str, Any], stranger: AbstractUser) -> None:
    other = Caller(stranger)
    assert other.get(JOBS).json()["items"] == []
    assert [key["prefix"] for key in other.get("/api/v1/keys").json()["items"]] == [key_of(other)]
    assert set(other.get(f"{JOBS}/counts").json().values()) == {0}
    assert api.get("/api/v1/storage").json()["stored_bytes"] > 0
    assert other.get("/api/v1/storage").json()["stored_bytes"] == 0
    for path in ("/api/v1/series", "/api/v1/universes", "/api/v1/scans"):
        shown = other.get(path).content.decode().lower()
        assert "mine" in api.get(path).content.decode().lower()
        assert "mine" not in shown, path
    for name, body in OWN.items():
        if body:
            answer = other.post(reverse(name), body)
            refused = answer.json()["refused"] if name == "jobs-bulk" else answer.status_code == 422
            assert refused, (name, answer.content[:200])
