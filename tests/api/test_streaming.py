"""Answers that are sent piece by piece or as files: bounded, honest when they break, and nothing is kept."""

import json
import time
from typing import Any

import httpx2
import pytest
from django.contrib.auth.models import AbstractUser
from django.core.signals import request_finished
from django.db import close_old_connections
from django.test import override_settings

from jobs import concurrency_slots
from jobs.models import Blob, Chunk
from tests.api.conftest import Caller, problem
from tests.api.server import client_of, served
from tests.api.test_result_forms import CSV, FORMS, NDJSON, PARQUET, as_json, content, in_chunks


def leave(answer: Any) -> None:
    """Do what a server does when the client has gone, and keep the test's connection."""
    request_finished.disconnect(close_old_connections)
    answer.close()
    request_finished.connect(close_old_connections)


def test_files_are_bounded_in_size_and_in_number(
    api: Caller, walks: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    job = in_chunks(api, walks, output="all")
    for form in (CSV, PARQUET):
        with override_settings(RESULT_FILE_MAX_BYTES=2_000):
            found = problem(api.get(job["links"]["result"], Accept=form), 422, "result_too_large")
            assert NDJSON in found["detail"]
        assert content(api.get(job["links"]["result"], Accept=form))
    monkeypatch.setattr(concurrency_slots, "files", concurrency_slots.Slots(0))
    monkeypatch.setattr(concurrency_slots, "waiting", concurrency_slots.Slots(0))
    for form in FORMS:
        answer = api.get(job["links"]["result"], Accept=form)
        problem(answer, 503, "no_place_free")
        assert answer["Retry-After"] == "5"


def test_what_a_large_answer_holds_is_given_back(
    api: Caller, walks: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.streaming.SMALL_BYTES", 100)
    monkeypatch.setattr(concurrency_slots, "files", concurrency_slots.Slots(1))
    monkeypatch.setattr(concurrency_slots, "waiting", concurrency_slots.Slots(1))
    job = in_chunks(api, walks)
    for form in (*FORMS, *FORMS):
        answer = api.get(job["links"]["result"], Accept=form)
        assert answer.streaming
        problem(api.get(job["links"]["result"], Accept=form), 503, "no_place_free")
        leave(answer)


def test_a_stream_that_breaks_says_so(
    api: Caller, transactional_db: None, walks: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    job = in_chunks(api, walks)
    last = Chunk.objects.filter(job_id=job["id"]).order_by("-position").values_list("blob_id", flat=True)[0]
    Blob.objects.filter(pk=last).update(data=b"damaged")
    *good, broken = content(api.get(job["links"]["result"], Accept=NDJSON)).splitlines()
    assert good
    assert json.loads(broken)["error"]["code"] == "internal_error"
    problem(api.get(job["links"]["result"], Accept=CSV), 500)


def test_it_is_served_and_given_back_to_clients_that_leave(
    transactional_db: None, api: Caller, owner: AbstractUser, walks: list[str], tmp_path: Any, cache: Any
) -> None:
    job = in_chunks(api, walks, output="all")
    with served(tmp_path, WAITER_PLACES="1", DATABASE_POOL_SIZE="1") as address, client_of(address, owner) as http:
        left = 0
        deadline = time.monotonic() + 20
        while left < 3:
            with http.stream("GET", job["links"]["result"], headers={"Accept": NDJSON}) as answer:
                if answer.status_code == 200:
                    next(answer.iter_raw(100))
                    left += 1
            assert time.monotonic() < deadline, "The place of a client that left is still taken."
        answer = until_a_place_is_free(http, job)
        assert [json.loads(line) for line in answer.text.splitlines()] == as_json(api, job)
        for form in (CSV, PARQUET):
            got = http.get(job["links"]["result"], headers={"Accept": form})
            assert got.status_code == 200
            assert http.head(job["links"]["result"], headers={"Accept": form}).content == b""


def until_a_place_is_free(http: httpx2.Client, job: dict[str, Any]) -> httpx2.Response:
    deadline = time.monotonic() + 20
    while (answer := http.get(job["links"]["result"], headers={"Accept": NDJSON})).status_code == 503:
        assert time.monotonic() < deadline, "The place of a client that left is still taken."
        time.sleep(0.05)
    return answer
