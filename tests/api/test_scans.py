"""Scans over HTTP: look at them and their runs, start one now."""

import pytest
from django.contrib.auth.models import AbstractUser
from django.utils import timezone
from django_celery_beat.models import IntervalSchedule

from scans.models import Scan
from tests.api.conftest import Caller, problem

SCANS = "/api/v1/scans"


def scan(owner: AbstractUser, name: str, universe: str = "walks") -> Scan:
    every, _ = IntervalSchedule.objects.get_or_create(every=1, period=IntervalSchedule.HOURS)
    return Scan.objects.create(owner=owner, name=name, universe=universe, analyses=["rsi"], interval=every)


def test_scans_are_listed_for_their_owner(api: Caller, owner: AbstractUser, stranger: AbstractUser) -> None:
    for name in ("a", "b", "c"):
        scan(owner, name)
    scan(stranger, "theirs")
    first = api.get(f"{SCANS}?limit=2").json()
    second = api.get(f"{SCANS}?limit=2&cursor={first['next']}").json()
    assert [each["name"] for each in first["items"] + second["items"]] == ["a", "b", "c"]
    assert second["next"] is None
    assert api.get(f"{SCANS}/a").json() == first["items"][0]
    assert first["items"][0]["schedule"] == "every hour"


def test_a_run_now_is_a_job_and_is_listed(api: Caller, owner: AbstractUser, walks: list[str]) -> None:
    scan(owner, "a")
    response = api.post(f"{SCANS}/a/run")
    assert response.status_code == 202, response.content
    assert response["Location"] == response.json()["job"]
    job = api.get(response["Location"]).json()
    assert job["progress"]["total"] == len(walks)
    assert "scan:a" in job["tags"]
    assert job["request_id"] == response["X-Request-Id"]
    api.post(f"{SCANS}/a/run")
    runs = api.get(f"{SCANS}/a/runs?limit=1").json()
    assert len(runs["items"]) == 1
    older = api.get(f"{SCANS}/a/runs?limit=1&cursor={runs['next']}").json()
    assert older["items"] == [response.json()]
    assert older["next"] is None


def test_a_scan_whose_universe_is_gone_says_so(api: Caller, owner: AbstractUser) -> None:
    scan(owner, "a", universe="gone")
    assert "gone" in problem(api.post(f"{SCANS}/a/run"), 409, "scan_not_runnable")["detail"]
    run = api.get(f"{SCANS}/a/runs").json()["items"][0]
    assert run["job"] is None
    assert "gone" in run["error"]


def test_nobody_sees_anothers_scan(api: Caller, stranger: AbstractUser) -> None:
    theirs = scan(stranger, "theirs")
    for response in (
        api.get(f"{SCANS}/theirs"),
        api.get(f"{SCANS}/theirs/runs"),
        api.post(f"{SCANS}/theirs/run"),
        api.get(f"{SCANS}/nothing"),
    ):
        problem(response, 404, "unknown_scan")
    assert not theirs.runs.exists()
    stranger.is_staff = True
    stranger.save()
    scan_of_owner = f"{SCANS}/theirs"
    assert Caller(stranger, ("admin",)).get(scan_of_owner).status_code == 200


def test_staff_who_may_only_look_run_nobodys_scan(api: Caller, owner: AbstractUser, stranger: AbstractUser) -> None:
    theirs = scan(owner, "theirs")
    stranger.is_staff = True
    stranger.save()
    problem(Caller(stranger, ("admin",)).post(f"{SCANS}/theirs/run"), 403, "permission_denied")
    assert not theirs.runs.exists()


@pytest.mark.parametrize("cursor", ["x", "-1", "9" * 30, "١"])
def test_bad_cursors(api: Caller, cursor: str) -> None:
    problem(api.get(f"{SCANS}?cursor={cursor}"), 422, "invalid_cursor")


def test_time_of_a_run_is_now(api: Caller, owner: AbstractUser, walks: list[str]) -> None:
    scan(owner, "a")
    before = timezone.now()
    fired = api.post(f"{SCANS}/a/run").json()["fire_at"]
    assert fired >= before.isoformat().replace("+00:00", "Z")
