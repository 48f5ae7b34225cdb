"""Errors of every route, known or not, are problems; a bug tells no more than its request id."""

import pytest
from django.contrib.auth.models import AbstractUser
from django.test import Client

from jobs import selectors
from tests.api.conftest import Caller, problem

JOB = "/api/v1/jobs/018f0000-0000-7000-8000-000000000000"


@pytest.mark.parametrize(
    "path",
    [
        "/nowhere",
        "/api/v1/nowhere",
        "/api/v1/jobs/",
        "/api/v1/jobs/5",
        "/api/v1/jobs/" + "9" * 3_000,
        "/api/v1/jobs/a%00b",
    ],
)
def test_unknown_paths(api: Caller, path: str) -> None:
    problem(api.get(path), 404, "not_found")


def test_a_job_that_is_not_there(api: Caller) -> None:
    problem(api.get(JOB), 404, "job_not_found")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("delete", "/api/v1/jobs", "GET, POST, HEAD"),
        ("put", JOB, "GET, DELETE, HEAD"),
        ("get", f"{JOB}/cancel", "POST"),
    ],
)
def test_other_methods(api: Caller, method: str, path: str, allowed: str) -> None:
    response = getattr(api, method)(path)
    problem(response, 405, "method_not_allowed")
    assert set(response["Allow"].split(", ")) == set(allowed.split(", "))


def test_options_is_no_way_in(api: Caller) -> None:
    problem(api.client.options("/api/v1/jobs", headers=api.headers), 405, "method_not_allowed")


def test_an_answer_that_accept_does_not_allow(api: Caller) -> None:
    problem(api.get("/api/v1/jobs", Accept="image/png"), 406, "not_acceptable")


def test_a_bug_answers_its_request_id_and_nothing_else(api: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(owner: AbstractUser) -> dict[str, int]:
        raise RuntimeError("the password is hunter2")

    monkeypatch.setattr(selectors, "count_by_state", broken)
    response = api.get("/api/v1/jobs/counts", X_Request_Id="trace-7")
    body = problem(response, 500, "internal_error")
    assert body["request_id"] == "trace-7"
    assert b"hunter2" not in response.content
    assert b"RuntimeError" not in response.content


def test_a_foreign_host_is_a_problem(db: None) -> None:
    problem(Client().get("/api/v1/jobs", headers={"Host": "evil.example"}), 400, "bad_request")


def test_the_admin_answers_people_with_pages(admin_client: Client) -> None:
    response = admin_client.get("/admin/nowhere/")
    assert response.status_code == 404
    assert response["Content-Type"].startswith("text/html")
