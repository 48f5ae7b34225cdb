"""A key and a body make one job, however often they come."""

import threading
from typing import Any

import pytest
from django.contrib.auth.models import AbstractUser
from django.db import connection

from jobs.models import Blob, Chunk, Job
from tests.api.conftest import Caller, faults, problem
from tests.api.test_bad_input import bars

JOBS = "/api/v1/jobs"
BODY = {"analyses": ["rsi"], "bars": bars(60), "tags": ["t"]}


def test_another_body_under_the_same_key_is_refused(api: Caller) -> None:
    assert api.post(JOBS, BODY, Idempotency_Key="k").status_code == 202
    problem(api.post(JOBS, {**BODY, "tags": ["other"]}, Idempotency_Key="k"), 422, "idempotency_key_reused")
    assert Job.objects.count() == 1


@pytest.mark.parametrize("key", ["", " ", "x" * 201, "tab\there", "ü"])
def test_a_key_that_cannot_be_kept_is_refused(api: Caller, key: str) -> None:
    response = api.post(JOBS, BODY, Idempotency_Key=key)
    assert faults(response) == {("?Idempotency-Key", "out_of_bounds")}
    assert not Job.objects.exists()


def test_a_refused_request_leaves_its_key_free(api: Caller) -> None:
    assert api.post(JOBS, {**BODY, "analyses": ["rsj"]}, Idempotency_Key="k").status_code == 422
    assert api.post(JOBS, BODY, Idempotency_Key="k").status_code == 202


def test_the_same_request_again_answers_the_job_there_is(api: Caller) -> None:
    first = api.post(JOBS, BODY, Idempotency_Key="k")
    assert "Idempotency-Replayed" not in first
    turned = dict(reversed(BODY.items()))
    again = api.post(JOBS, turned, Idempotency_Key="k")
    assert again.status_code == 202
    assert again["Idempotency-Replayed"] == "true"
    assert again.json()["id"] == first.json()["id"]
    assert again["Location"] == first["Location"]


def test_keys_belong_to_their_owner(api: Caller, stranger: AbstractUser) -> None:
    other = Caller(stranger)
    mine = api.post(JOBS, BODY, Idempotency_Key="k").json()["id"]
    assert other.post(JOBS, BODY, Idempotency_Key="k").json()["id"] != mine
    assert other.get(f"{JOBS}?idempotency_key=k").json()["items"][0]["id"] != mine


def test_a_job_is_found_by_its_key(api: Caller) -> None:
    made = api.post(JOBS, BODY, Idempotency_Key="find me").json()["id"]
    api.post(JOBS, {**BODY, "reuse": False})
    found = api.get(f"{JOBS}?idempotency_key=find%20me").json()["items"]
    assert [job["id"] for job in found] == [made]


@pytest.mark.django_db(transaction=True)
def test_fifty_identical_requests_at_once_make_one_job(api: Caller) -> None:
    gate = threading.Barrier(5)
    answers: list[Any] = []

    def send() -> None:
        try:
            gate.wait(10)
            answers.extend(api.post(JOBS, BODY, Idempotency_Key="once") for _ in range(10))
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [202] * 50
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert sum("Idempotency-Replayed" not in answer for answer in answers) == 1
    assert (Job.objects.count(), Chunk.objects.count(), Blob.objects.count()) == (1, 1, 1)


def test_the_convenience_routes_keep_keys_too(api: Caller) -> None:
    compute = "/api/v1/indicators/compute"
    first, again = (api.post(compute, BODY, Idempotency_Key="c") for _ in range(2))
    assert (first.status_code, again.status_code) == (202, 202)
    assert (again.json()["id"], again["Idempotency-Replayed"]) == (first.json()["id"], "true")
    problem(api.post(JOBS, BODY, Idempotency_Key="c"), 422, "idempotency_key_reused")


def test_routes_that_keep_no_key_refuse_one(api: Caller) -> None:
    job = f"{JOBS}/{api.post(JOBS, BODY).json()['id']}"
    for path, body in ((f"{JOBS}/bulk", {"jobs": [BODY]}), (f"{job}/clone", b""), (f"{job}/retry", b"")):
        assert faults(api.post(path, body, Idempotency_Key="k")) == {("?Idempotency-Key", "key_not_kept")}
