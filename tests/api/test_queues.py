"""Small jobs that somebody waits for have a queue of their own; sets of jobs and scans keep out of it."""

from typing import Any

import pytest
from django.contrib.auth.models import AbstractUser
from django.test import Client

from jobs.models import Chunk, Job
from scans.services.tick import tick
from tests.api.conftest import Caller
from tests.scans.test_tick import NOW, make

JOBS = "/api/v1/jobs"
SMALL = {"analyses": ["rsi"], "symbols": ["W0"]}
SMALL_PATTERN = {"analyses": ["rsi", "double_top"], "symbols": ["W0"]}


def queues() -> list[str]:
    """The queues of all jobs, the oldest first; chunks are in that of their job."""
    assert all(chunk.queue == chunk.job.queue for chunk in Chunk.objects.select_related("job"))
    return list(Job.objects.order_by("created_at", "pk").values_list("queue", flat=True))


@pytest.mark.parametrize("path", ["jobs", "indicators/compute"])
def test_a_small_job_is_interactive(api: Caller, walks: list[str], path: str) -> None:
    assert api.post(f"/api/v1/{path}", SMALL).status_code == 202
    assert queues() == ["interactive"]


def test_a_large_one_is_not(api: Caller, walks: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jobs.queues.INTERACTIVE_MICROSECONDS", 400)
    for analyses in (["rsi"], ["rsi", "patterns"], ["momentum"]):
        assert api.post(JOBS, {"analyses": analyses, "symbols": ["W0"]}).status_code == 202
    assert queues() == ["interactive", "patterns", "indicators"]


def test_jobs_in_a_set_are_work_in_the_background(api: Caller, walks: list[str]) -> None:
    answer = api.post(f"{JOBS}/bulk", {"jobs": [SMALL, SMALL_PATTERN]}).json()
    assert [item["job"]["queue"] for item in answer["items"]] == ["indicators", "patterns"]
    assert sorted(queues()) == ["indicators", "patterns"]


@pytest.mark.parametrize(("analyses", "queue"), [(["rsi"], "indicators"), (["double_top"], "patterns")])
def test_scans_are_work_in_the_background(
    api: Caller, owner: AbstractUser, walks: list[str], admin_client: Client, analyses: Any, queue: str
) -> None:
    scan = make(owner, analyses=analyses)
    tick(now=NOW)
    assert api.post(f"/api/v1/scans/{scan.name}/run").status_code == 202
    admin_client.post("/admin/scans/scan/", {"action": "run_now", "_selected_action": [scan.pk]})
    assert queues() == [queue] * 3


def test_a_new_job_of_one_of_them_is_waited_for(api: Caller, walks: list[str]) -> None:
    links = api.post(f"{JOBS}/bulk", {"jobs": [SMALL]}).json()["items"][0]["job"]["links"]
    assert api.post(f"{links['self']}/clone").json()["queue"] == "interactive"
    api.post(links["cancel"])
    assert api.post(links["retry"]).json()["queue"] == "interactive"
