"""Request ids, the access log and the HTTP metrics."""

import re

import pytest
import structlog
from django.contrib.auth.models import AbstractUser
from django.test import Client
from prometheus_client import REGISTRY
from structlog.testing import LogCapture

from tests.api.conftest import Caller


def counted(route: str, status: str, method: str = "GET") -> float:
    labels = {"method": method, "route": route, "status": status}
    return REGISTRY.get_sample_value("http_requests_total", labels) or 0.0


@pytest.mark.parametrize("given", ["abc", "A.b_c-9", "f" * 64])
def test_a_harmless_request_id_is_kept(db: None, client: Client, given: str) -> None:
    assert client.get("/nowhere", headers={"X-Request-Id": given})["X-Request-Id"] == given


@pytest.mark.parametrize("given", ["", "a b", "a\tb", "é", "f" * 65, '"}', "../.."])
def test_any_other_is_replaced(db: None, client: Client, given: str) -> None:
    answered = client.get("/nowhere", headers={"X-Request-Id": given})["X-Request-Id"]
    assert answered != given or given == "../.."
    assert re.fullmatch(r"[A-Za-z0-9._-]{1,64}", answered)


def test_the_log_line_names_request_and_owner(owner: AbstractUser, access_log: LogCapture) -> None:
    Caller(owner).get("/api/v1/jobs/counts?tag=x", X_Request_Id="trace-1")
    line = access_log.entries[-1]
    assert line["event"] == "request_completed"
    assert line["method"] == "GET"
    assert line["path"] == "/api/v1/jobs/counts"
    assert line["status_code"] == 200
    assert re.fullmatch(r"\d+\.\d{3}s", line["duration"])
    assert line["request_id"] == "trace-1"
    assert line["owner"] == owner.pk


def test_no_context_is_left_behind(owner: AbstractUser, client: Client, access_log: LogCapture) -> None:
    Caller(owner).get("/api/v1/jobs/counts")
    client.get("/api/v1/jobs/counts")
    assert "owner" not in access_log.entries[-1]
    assert access_log.entries[-1]["problem"] == "not_authenticated"
    assert structlog.contextvars.get_contextvars() == {}


def test_no_secret_is_logged(owner: AbstractUser, access_log: LogCapture) -> None:
    caller = Caller(owner)
    caller.get("/api/v1/jobs/counts?key=hunter2")
    caller.post("/api/v1/token", {"username": "owner", "password": "a long password"})
    text = str(access_log.entries)
    assert "hunter2" not in text
    assert "a long password" not in text
    assert caller.headers["Authorization"].split("_", 2)[2] not in text


def test_probes_are_quiet(db: None, client: Client, access_log: LogCapture) -> None:
    client.get("/health/live")
    assert access_log.entries[-1]["log_level"] == "debug"


def test_metrics_carry_the_pattern_and_never_the_path(owner: AbstractUser) -> None:
    caller = Caller(owner)
    route = "/api/v1/jobs/<uuid:job_id>"
    before, lost = counted(route, "404"), counted("unmatched", "404")
    for last in range(3):
        caller.get(f"/api/v1/jobs/018f0000-0000-7000-8000-00000000000{last}")
        caller.get(f"/{last}/nowhere")
    assert counted(route, "404") == before + 3
    assert counted("unmatched", "404") == lost + 3


def test_an_invented_method_gets_no_label_of_its_own(db: None, client: Client) -> None:
    before = counted("unmatched", "404", "other")
    client.generic("BREW", "/pot")
    assert counted("unmatched", "404", "other") == before + 1
