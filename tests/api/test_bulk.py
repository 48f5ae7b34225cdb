"""Many jobs in one request, each with its own outcome."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jobs.models import Chunk, Job, Transition
from tests.api.conftest import Caller, faults
from tests.api.test_bad_input import bars

BULK = "/api/v1/jobs/bulk"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, ("/jobs", "missing")),
        ({"jobs": {}}, ("/jobs", "wrong_type")),
        ({"jobs": []}, ("/jobs", "empty")),
        ({"jobs": [{}], "job": 1}, ("/job", "unknown_field")),
        ([], ("/jobs", "wrong_type")),
    ],
)
def test_a_body_that_is_no_list_of_jobs_is_refused(api: Caller, body: object, expected: tuple[str, str]) -> None:
    assert expected in faults(api.post(BULK, body))
    assert not Job.objects.exists()


def test_too_many_jobs_are_refused(api: Caller, settings) -> None:
    settings.BULK_MAX_JOBS = 2
    assert faults(api.post(BULK, {"jobs": [{}] * 3})) == {("/jobs", "too_many")}


def test_every_job_has_its_own_outcome_in_order(api: Caller, walks: list[str]) -> None:
    jobs = [
        {"analyses": ["rsi"], "symbols": ["W0"]},
        {"analyses": ["rsj"], "symbols": ["W0", "NOPE"]},
        {"analyses": ["macd"], "bars": bars(80)},
        "no job at all",
    ]
    answer = api.post(BULK, {"jobs": jobs})
    assert answer.status_code == 200
    body = answer.json()
    assert (body["accepted"], body["refused"]) == (2, 2)
    assert [item["status"] for item in body["items"]] == [202, 422, 202, 422]
    assert {fault["pointer"] for fault in body["items"][1]["errors"]} == {"/analyses/0", "/symbols/1"}
    assert Job.objects.count() == 2
    assert body["items"][0]["job"]["links"]["self"].endswith(body["items"][0]["job"]["id"])


def test_equal_jobs_in_one_request_are_both_stored(api: Caller, walks: list[str]) -> None:
    answer = api.post(BULK, {"jobs": [{"analyses": ["rsi"], "symbols": ["W0"]}] * 2})
    assert answer.json()["accepted"] == 2
    assert Job.objects.count() == Chunk.objects.count() == 2
    # The second waits for the first: it and its chunk are accepted, and not queued.
    assert Transition.objects.count() == 6


def test_rows_are_written_in_sets(api: Caller, walks: list[str]) -> None:
    def written(count: int) -> int:
        jobs = [{"analyses": [f"rsi({n + 2})"], "symbols": ["W0"], "reuse": False} for n in range(count)]
        with CaptureQueriesContext(connection) as queries:
            assert api.post(BULK, {"jobs": jobs}).json()["accepted"] == count
        return sum(query["sql"].startswith("INSERT") for query in queries)

    # SQLite bounds the variables of a statement, so a set may take a few.
    assert written(40) <= written(2) + 3
