"""What operators stop and let go on over HTTP: pauses of queues, and reading only. Who may not is refused each."""

from typing import Any

import pytest
from django.contrib.auth.models import AbstractUser, Permission
from django.test import Client

from jobs.models import Hold, Job
from tests.api.conftest import Caller, faults, problem
from tests.api.test_bad_input import bars
from tests.api.test_jobs import JOBS, run, submitted

QUEUES, READ_ONLY = "/api/v1/queues", "/api/v1/read-only"
PAUSE, RESUME = f"{QUEUES}/interactive/pause", f"{QUEUES}/interactive/resume"


def staff(user: AbstractUser, *permissions: str) -> Caller:
    user.is_staff = True
    user.save()
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return Caller(user, ("admin",))


@pytest.fixture
def operator(stranger: AbstractUser, broker: Any) -> Caller:
    return staff(stranger, "add_hold", "delete_hold")


def test_a_queue_is_paused_and_goes_on(api: Caller, operator: Caller) -> None:
    answer = operator.post(PAUSE, {"reason": "a full disk"}).json()
    assert (answer["name"], answer["paused"]["by"], answer["paused"]["reason"]) == (
        "interactive",
        "staff:stranger",
        "a full disk",
    )
    job = submitted(api)
    assert (job["state"], job["waiting"]) == ("accepted", "queue_paused")
    assert api.get(JOBS).json()["items"][0]["waiting"] == "queue_paused"
    run(job["id"])
    seen = api.get(job["links"]["self"])
    assert seen.json()["state"] == "accepted"
    listed = {one["name"]: one for one in operator.get(QUEUES).json()["items"]}
    assert (listed["interactive"]["depth"], listed["ml"]["paused"]) == (1, None)
    assert operator.post(RESUME).json()["paused"] is None
    changed = api.get(job["links"]["self"], If_None_Match=seen["ETag"])
    assert (changed.status_code, changed.json()["waiting"]) == (200, "worker"), "what it waits for is news"
    run(job["id"])
    assert api.get(job["links"]["self"]).json()["waiting"] is None


def test_pausing_what_is_paused_and_resuming_what_is_not(operator: Caller) -> None:
    first = operator.post(PAUSE, {}).json()
    assert operator.post(PAUSE, {"reason": "again"}).json() == first
    assert operator.post(RESUME).status_code == operator.post(RESUME).status_code == 200


@pytest.mark.parametrize("name", ["nonsense", "maintenance", "read_only"])
def test_a_queue_that_there_is_not(operator: Caller, name: str) -> None:
    said = problem(operator.post(f"{QUEUES}/{name}/pause", {}), 404, "unknown_queue")
    assert "interactive, indicators, patterns, ml" in said["detail"]
    problem(operator.post(f"{QUEUES}/{name}/resume"), 404, "unknown_queue")


def test_bodies_are_read_strictly(operator: Caller) -> None:
    assert faults(operator.post(PAUSE, {"reason": 5, "why": "x"})) == {
        ("/reason", "wrong_type"),
        ("/why", "unknown_field"),
    }
    assert faults(operator.put(READ_ONLY, {"reason": "x" * 301})) == {("/reason", "too_long")}


ACTIONS = {
    "pause": lambda caller: caller.post(PAUSE, {}),
    "resume": lambda caller: caller.post(RESUME),
    "begin": lambda caller: caller.put(READ_ONLY, {}),
    "end": lambda caller: caller.delete(READ_ONLY),
    "queues": lambda caller: caller.get(QUEUES),
    "look": lambda caller: caller.get(READ_ONLY),
}
NEEDED = {"pause": "add_hold", "resume": "delete_hold", "begin": "add_hold", "end": "delete_hold"}


@pytest.mark.parametrize("action", ACTIONS)
def test_who_is_not_staff_may_neither_look_nor_act(owner: AbstractUser, broker: Any, action: str) -> None:
    problem(ACTIONS[action](Caller(owner, ("admin",))), 403, "staff_only")
    problem(ACTIONS[action](Caller(None)), 401)
    assert not Hold.objects.exists()


@pytest.mark.parametrize("action", NEEDED)
def test_staff_need_the_permission_of_each_action(stranger: AbstractUser, broker: Any, action: str) -> None:
    others = {"add_hold", "delete_hold", "view_hold", "change_hold", "change_job"} - {NEEDED[action]}
    problem(ACTIONS[action](staff(stranger, *others)), 403, "staff_only")
    assert not Hold.objects.exists()
    assert ACTIONS[action](staff(stranger, NEEDED[action])).status_code in (200, 204)


def test_a_staff_key_without_the_scope_is_no_staff_key(operator: Caller, stranger: AbstractUser) -> None:
    for scopes in (("read",), ("read", "submit")):
        answer = Caller(stranger, scopes).post(PAUSE, {})
        assert answer.status_code == 403
    assert not Hold.objects.exists()


@pytest.fixture
def reading_only(api: Caller, operator: Caller) -> dict[str, Any]:
    """A job that is over, and a system that only reads since."""
    job = submitted(api)
    run(job["id"])
    assert operator.put(READ_ONLY, {"reason": "a move"}).json()["held"]["reason"] == "a move"
    return job


WRITING = {
    "submit": lambda caller, job: caller.post(JOBS, {"analyses": ["rsi"], "bars": bars(60)}),
    "submit with a key": lambda caller, job: caller.post(
        JOBS, {"analyses": ["rsi"], "bars": bars(60)}, Idempotency_Key="one"
    ),
    "bulk": lambda caller, job: caller.post(f"{JOBS}/bulk", {"jobs": []}),
    "compute": lambda caller, job: caller.post("/api/v1/indicators/compute", {"analyses": ["rsi"], "bars": bars(60)}),
    "clone": lambda caller, job: caller.post(job["links"]["self"] + "/clone"),
    "retry": lambda caller, job: caller.post(job["links"]["retry"]),
    "cancel": lambda caller, job: caller.post(job["links"]["cancel"]),
    "delete": lambda caller, job: caller.delete(job["links"]["self"]),
    "universe": lambda caller, job: caller.put("/api/v1/universes/mine", {"symbols": ["A"]}),
    "no universe": lambda caller, job: caller.delete("/api/v1/universes/mine"),
    "secret": lambda caller, job: caller.post("/api/v1/callbacks/secret"),
    "token": lambda caller, job: caller.post("/api/v1/token", {"username": "owner", "password": "a long password"}),
}


@pytest.mark.parametrize("write", WRITING)
def test_whatever_writes_is_refused(api: Caller, reading_only: dict[str, Any], write: str) -> None:
    before = Job.objects.count()
    answer = WRITING[write](api, reading_only)
    said = problem(answer, 503, "read_only")
    assert answer["Retry-After"] == "60"
    assert "a move" in said["detail"]
    assert Job.objects.count() == before


def test_reading_goes_on(api: Caller, reading_only: dict[str, Any], client: Client) -> None:
    for path in ("self", "result", "chart"):
        assert api.get(reading_only["links"][path]).status_code == 200
    assert api.get(f"{JOBS}/counts").status_code == 200
    assert api.post(f"{JOBS}?dry_run=true", {"analyses": ["rsi"], "bars": bars(60)}).status_code == 200
    problem(api.post(f"{JOBS}?dry_run=false", {"analyses": ["rsi"], "bars": bars(60)}), 503, "read_only")
    seen = client.get("/health").json()
    assert seen["read_only"] is True


def test_queues_can_be_paused_and_the_mode_ended_meanwhile(
    api: Caller, operator: Caller, reading_only: dict[str, Any]
) -> None:
    assert operator.post(PAUSE, {}).status_code == operator.post(RESUME).status_code == 200
    assert operator.get(READ_ONLY).json()["held"]["by"] == "staff:stranger"
    assert operator.delete(READ_ONLY).status_code == 204
    assert operator.get(READ_ONLY).json() == {"held": None}
    assert api.post(JOBS, {"analyses": ["rsi"], "bars": bars(60)}).status_code == 202


def test_health_shows_depth_and_pause_of_each_queue(api: Caller, operator: Caller, client: Client) -> None:
    operator.post(PAUSE, {})
    submitted(api)
    body = client.get("/health").json()
    assert set(body["queues"]) == {"interactive", "indicators", "patterns", "ml"}
    told = body["queues"]["interactive"]
    assert told["depth"] == 1
    assert told["paused_since"]
    assert body["queues"]["ml"] == {"depth": 0, "oldest_age_seconds": None, "paused_since": None}
    assert "queues" not in client.get("/health/ready").json()
