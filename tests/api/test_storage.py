"""What an owner's jobs take of the storage, told and bounded over HTTP."""

from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.test import Client

from api.v1.storage import StorageSerializer
from jobs.models import Job
from jobs.services import admission
from tests.api.conftest import Caller, faults, problem
from tests.api.test_bad_input import bars
from tests.api.test_jobs import JOBS, run

STORAGE = "/api/v1/storage"
BODY = {"analyses": ["rsi"], "bars": bars(60), "output": "all", "retention": "7d"}


@pytest.fixture(autouse=True)
def _forget() -> None:
    admission.forget()


def test_it_grows_with_jobs_and_is_given_back(api: Caller, stranger: AbstractUser) -> None:
    empty = api.get(STORAGE).json()
    assert empty.keys() == set(StorageSerializer().fields)
    assert empty == {
        "stored_bytes": 0,
        "byte_days": 0,
        "expected_byte_days": 0,
        "limit_byte_days": int(settings.STORAGE_GB_DAYS_PER_OWNER * 10**9),
    }
    dry = api.post(f"{JOBS}?dry_run=true", BODY).json()
    job = api.post(JOBS, BODY).json()
    assert api.get(STORAGE).json()["expected_byte_days"] == dry["byte_days"] > 7 * dry["result_bytes"] > 0
    run(job["id"])
    told = api.get(STORAGE).json()
    stored = Job.objects.get(pk=job["id"]).stored_bytes
    assert told["stored_bytes"] == stored > 0
    assert (told["byte_days"], told["expected_byte_days"]) == (7 * stored, 0)
    assert Caller(stranger).get(STORAGE).json()["stored_bytes"] == 0
    assert api.delete(job["links"]["self"]).status_code == 204
    assert api.get(STORAGE).json() == empty


def test_without_a_limit_none_is_told(api: Caller, settings: Any) -> None:
    settings.STORAGE_GB_DAYS_PER_OWNER = 0
    assert api.get(STORAGE).json()["limit_byte_days"] is None


@pytest.mark.parametrize("path", [JOBS, "/api/v1/indicators/compute"])
def test_beyond_the_limit_the_problem_has_the_figures(api: Caller, settings: Any, path: str) -> None:
    settings.STORAGE_GB_DAYS_PER_OWNER = 1e-6
    told = problem(api.post(path, BODY), 403, "storage_quota_exceeded")
    dry = api.post(f"{JOBS}?dry_run=true", BODY).json()
    assert told["byte_days"] == {"used": 0, "asked": dry["byte_days"], "limit": 1_000}
    problem(api.post(f"{JOBS}/bulk", {"jobs": [BODY]}), 403, "storage_quota_exceeded")
    assert not Job.objects.exists()


@pytest.mark.parametrize("path", [JOBS, f"{JOBS}?dry_run=true", "/api/v1/indicators/compute"])
def test_a_result_that_is_too_large_is_refused_with_its_figures(api: Caller, settings: Any, path: str) -> None:
    settings.RESULT_MAX_BYTES = 1_000
    answer = api.post(path, BODY)
    assert faults(answer) == {("/output", "result_too_large")}
    assert "60 bars of 1 column and up to 0 events" in answer.json()["errors"][0]["detail"]
    (outcome,) = api.post(f"{JOBS}/bulk", {"jobs": [BODY]}).json()["items"]
    assert [fault["code"] for fault in outcome["errors"]] == ["result_too_large"]
    assert api.post(path, {**BODY, "output": "last"}).status_code in (200, 202)


def test_the_catalogue_names_the_limits(api: Caller) -> None:
    limits = api.get("/api/v1/catalog").json()["limits"]
    assert limits["bytes_per_result"] == settings.RESULT_MAX_BYTES
    assert limits["bytes_per_job"] == settings.JOB_RESULT_MAX_BYTES
    assert limits["bytes_per_result_page"] == settings.RESULT_PAGE_MAX_BYTES
    assert limits["bytes_per_result_file"] == settings.RESULT_FILE_MAX_BYTES
    assert limits["byte_days_per_owner"] == settings.STORAGE_GB_DAYS_PER_OWNER * 10**9


def test_staff_see_who_takes_how_much(api: Caller, stranger: AbstractUser, admin_client: Client) -> None:
    for caller, count in ((api, 3), (Caller(stranger), 1)):
        for n in range(count):
            run(caller.post(JOBS, {**BODY, "analyses": [f"ema({n + 2})"]}).json()["id"])
    page = admin_client.get("/admin/jobs/storageuse/")
    assert page.status_code == 200
    rows = page.context["cl"].result_list
    assert [row.owner.username for row in rows] == ["owner", "stranger"]
    assert rows[0].whole_bytes == sum(job.stored_bytes for job in Job.objects.filter(owner__username="owner"))
    assert rows[0].whole_byte_days == 7 * rows[0].whole_bytes
    for query in ("?o=1", "?o=-2", "?o=3", "?q=owner"):
        assert admin_client.get(f"/admin/jobs/storageuse/{query}").status_code == 200
    assert admin_client.get("/admin/jobs/storageuse/add/").status_code == 403
