"""An analysis of a timeframe that is not higher than the bars' is refused at every door, with where it stands."""

from typing import Any

import pytest
from django.contrib.auth.models import AbstractUser
from django.test import Client

from jobs.models import Job
from jobs.requests import JobRequest
from jobs.services import draft
from jobs.services.submit import submit
from scans.models import ScanRun
from scans.services.tick import tick
from tests.api.conftest import Caller, faults, problem
from tests.api.test_bad_input import bars
from tests.bars import random_walk
from tests.scans.test_admin import form
from tests.scans.test_tick import NOW, make

JOBS = "/api/v1/jobs"
TOO_LOW = {"analyses": ["rsi", "sma(3)@1w", "rsi@1h"], "symbols": ["W0"]}
EXPECTED = {("/analyses/2", "not_higher")}


@pytest.mark.parametrize(
    "path", [JOBS, f"{JOBS}?dry_run=true", "/api/v1/indicators/compute"], ids=["submit", "dry run", "compute"]
)
@pytest.mark.parametrize(
    "source", [{"symbols": ["W0"]}, {"universe": "walks"}, {"bars": bars(60)}, {"symbols": ["W0"], "timeframe": "1d"}]
)
def test_one_job(api: Caller, walks: list[str], path: str, source: dict[str, Any], nothing_stored: Any) -> None:
    assert faults(api.post(path, {"analyses": TOO_LOW["analyses"], **source})) == EXPECTED
    assert nothing_stored()


def test_one_job_under_a_key(api: Caller, walks: list[str]) -> None:
    assert faults(api.post(JOBS, TOO_LOW, Idempotency_Key="k")) == EXPECTED


def test_the_other_convenience_route(api: Caller, walks: list[str]) -> None:
    body = {"analyses": ["candlesticks", "rsi@1h"], "symbols": ["W0"]}
    assert faults(api.post("/api/v1/patterns/detect", body)) == {("/analyses/1", "not_higher")}


def test_in_a_set_it_alone_is_refused(api: Caller, walks: list[str]) -> None:
    answer = api.post(f"{JOBS}/bulk", {"jobs": [{"analyses": ["rsi"], "symbols": ["W0"]}, TOO_LOW]}).json()
    assert [item["status"] for item in answer["items"]] == [202, 422]
    assert [(one["pointer"], one["code"]) for one in answer["items"][1]["errors"]] == list(EXPECTED)


def test_it_is_told_beside_faults_of_the_shape(api: Caller, walks: list[str]) -> None:
    assert faults(api.post(JOBS, {**TOO_LOW, "last": 0})) == {*EXPECTED, ("/last", "out_of_bounds")}
    broken = {**bars(5), "timeframe": "1d"}
    broken["close"][2] = "x"
    assert faults(api.post(JOBS, {"analyses": ["rsi@1h"], "bars": broken})) >= {("/analyses/0", "not_higher")}


def test_of_a_timeframe_that_there_is_not_only_that_is_said(api: Caller, walks: list[str]) -> None:
    for body in ({**TOO_LOW, "timeframe": "7q"}, {**TOO_LOW, "timeframe": 7}):
        assert {pointer for pointer, _ in faults(api.post(JOBS, body))} == {"/timeframe"}


@pytest.fixture
def old_job(owner: AbstractUser, broker: Any, walks: list[str], monkeypatch: pytest.MonkeyPatch) -> Job:
    """A job that was accepted before its timeframe was looked at."""
    with monkeypatch.context() as patch:
        patch.setattr(draft, "KNOWN", ())
        return submit(owner=owner, request=JobRequest(analyses=["rsi@1h"], bars=random_walk(60)), now=NOW)


def test_a_new_job_of_an_old_one(api: Caller, old_job: Job) -> None:
    assert faults(api.post(f"{JOBS}/{old_job.pk}/clone")) == {("/analyses/0", "not_higher")}
    assert api.post(f"{JOBS}/{old_job.pk}/cancel").status_code == 200
    assert faults(api.post(f"{JOBS}/{old_job.pk}/retry")) == {("/analyses/0", "not_higher")}


def test_a_scan(api: Caller, owner: AbstractUser, walks: list[str], admin_client: Client) -> None:
    scan = make(owner)
    page = admin_client.post(f"/admin/scans/scan/{scan.pk}/change/", form(scan, analyses='["rsi@1h"]'))
    assert "1h is no higher timeframe than 1d" in page.content.decode()
    scan.analyses = ["rsi@1h"]
    scan.save()
    assert "/analyses/0" in problem(api.post(f"/api/v1/scans/{scan.name}/run"), 409, "scan_not_runnable")["detail"]
    tick(now=NOW)
    assert {run.job_id for run in ScanRun.objects.all()} == {None}


def test_a_higher_one_is_accepted(api: Caller, walks: list[str]) -> None:
    assert api.post(JOBS, {**TOO_LOW, "analyses": ["sma(3)@1w", "sma(3)@1M"]}).status_code == 202
