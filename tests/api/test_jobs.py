"""Jobs over HTTP: submit, list, watch, cancel, retry, and nobody sees another's."""

import time
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest
from django.contrib.auth.models import AbstractUser
from django.utils import timezone

from jobs.models import Chunk, Job, Transition
from jobs.services.run_chunk import run_chunk
from jobs.states import State
from tests.api.conftest import Caller, faults, problem
from tests.api.test_bad_input import bars

JOBS = "/api/v1/jobs"


def submitted(api: Caller, **changes: Any) -> dict[str, Any]:
    response = api.post(JOBS, {"analyses": ["rsi", "macd"], "bars": bars(60)} | changes)
    assert response.status_code == 202, response.content
    body: dict[str, Any] = response.json()
    return body


def run(job_id: str) -> None:
    for chunk in Chunk.objects.filter(job_id=UUID(job_id)):
        run_chunk(chunk.pk, worker="test", clock=timezone.now)


def test_submit_answers_where_to_poll_and_when(api: Caller) -> None:
    response = api.post(JOBS, {"analyses": ["rsi"], "bars": bars(60), "tags": ["demo"]}, X_Request_Id="trace-9")
    body = response.json()
    assert response.status_code == 202
    assert response["Location"] == body["links"]["self"] == f"{JOBS}/{body['id']}"
    assert response["Retry-After"] == "1"
    assert body["state"] == "queued"
    assert body["tags"] == ["demo"]
    assert body["request_id"] == "trace-9"
    assert body["progress"] == {"done": 0, "total": 1, "failed": 0, "chunks": 1, "rate": None, "eta_seconds": None}
    assert body["created_at"].endswith("Z")
    assert Job.objects.get().request_id == "trace-9"


def test_stored_symbols_and_universes(api: Caller, walks: list[str]) -> None:
    for source in ({"symbols": walks[:2]}, {"universe": "walks", "timeframe": "1d", "last": 20}):
        response = api.post(JOBS, {"analyses": ["rsi"], **source})
        assert response.status_code == 202, response.content
    assert response.json()["progress"]["total"] == 6


@pytest.mark.parametrize("form", ["rows", "lists", "timestamps"])
def test_bars_in_their_other_forms(api: Caller, form: str) -> None:
    columns = bars(60)
    columns.pop("timeframe")
    rows: list[Any] = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    if form == "lists":
        rows = [list(row.values()) for row in rows]
    elif form == "timestamps":
        rows = [{"timestamp": row.pop("time"), **row} for row in rows]
    assert api.post(JOBS, {"analyses": ["rsi"], "bars": rows, "timeframe": "1d"}).status_code == 202


def test_watching_a_job(api: Caller) -> None:
    job = submitted(api)
    first = api.get(job["links"]["self"])
    assert first["Retry-After"] == "1"
    assert first["ETag"].startswith('W/"')
    assert first["Cache-Control"] == "private, no-cache"
    assert "Authorization" in first["Vary"]
    unchanged = api.get(job["links"]["self"], If_None_Match=first["ETag"])
    assert unchanged.status_code == 304
    assert unchanged.content == b""
    run(job["id"])
    changed = api.get(job["links"]["self"], If_None_Match=first["ETag"])
    assert changed.status_code == 200
    assert changed.json()["state"] == "succeeded"
    assert changed["Cache-Control"] == "private, max-age=60"
    assert not changed["ETag"].startswith("W/")
    assert api.get(job["links"]["self"], If_None_Match=changed["ETag"]).status_code == 304


def test_a_job_alone_says_why_symbols_have_no_result(api: Caller, walks: list[str]) -> None:
    before = {"start": "1999-01-01T00:00:00Z", "end": "1999-01-05T00:00:00Z"}
    job = api.post(JOBS, {"symbols": walks, "analyses": ["rsi"], **before}).json()
    assert api.get(job["links"]["self"]).json()["failures"] == {"codes": [], "first": []}
    run(job["id"])
    told = api.get(job["links"]["self"]).json()["failures"]
    assert told["codes"] == [{"code": "no_bars_in_range", "count": len(walks)}]
    assert [one["symbol"] for one in told["first"]] == walks[:5]
    assert set(told["first"][0]) == {"symbol", "code", "detail"}
    assert "failures" not in api.get(JOBS).json()["items"][0]


def test_a_stored_result_is_reused(api: Caller) -> None:
    job = submitted(api)
    run(job["id"])
    response = api.post(JOBS, {"analyses": ["rsi", "macd"], "bars": bars(60)})
    assert response.status_code == 202
    assert "Retry-After" not in response
    assert response.json()["state"] == "succeeded"
    assert response.json()["reused"] is True
    again = api.post(JOBS, {"analyses": ["rsi", "macd"], "bars": bars(60), "reuse": False})
    assert again.json()["state"] == "queued"


def test_jobs_are_found_by_symbol(api: Caller, walks: list[str]) -> None:
    both, one = (
        api.post(JOBS, {"analyses": ["rsi"], "symbols": symbols}).json()["id"] for symbols in (walks[:2], walks[1:2])
    )
    inline = api.post(JOBS, {"analyses": ["rsi"], "bars": {**bars(60), "symbol": "own"}}).json()["id"]
    submitted(api)

    def found(symbol: str) -> list[str]:
        return [job["id"] for job in api.get(f"{JOBS}?symbol={symbol}").json()["items"]]

    assert found(walks[0]) == [both]
    assert found(walks[1].lower()) == [one, both]
    assert found("OWN") == [inline]
    assert found("INLINE") == found("NOWHERE") == []
    problem(api.get(f"{JOBS}?symbol=a b"), 422)


def test_the_list_is_paged_newest_first_and_filtered(api: Caller) -> None:
    ids = [submitted(api, reuse=False, tags=["odd" if n % 2 else "even"])["id"] for n in range(5)]
    seen: list[str] = []
    path = f"{JOBS}?limit=2"
    while path:
        page = api.get(path).json()
        seen += [job["id"] for job in page["items"]]
        path = f"{JOBS}?limit=2&cursor={page['next']}" if page["next"] else ""
    assert seen == ids[::-1]
    assert [job["id"] for job in api.get(f"{JOBS}?tag=odd").json()["items"]] == [ids[3], ids[1]]
    run(ids[0])
    assert [job["id"] for job in api.get(f"{JOBS}?state=succeeded").json()["items"]] == [ids[0]]
    counts = api.get(f"{JOBS}/counts").json()
    assert counts.keys() == {str(state) for state in State}
    assert counts["succeeded"] == 1
    assert counts["accepted"] + counts["queued"] == 4


def test_cancel_is_idempotent(api: Caller) -> None:
    job = submitted(api)
    for _ in range(2):
        response = api.post(job["links"]["cancel"])
        assert response.status_code == 200
        assert response.json()["state"] == "cancelled"
    assert Transition.objects.filter(to_state="cancelled").values_list("actor", flat=True)[0].startswith("user:")


def test_what_is_over_is_not_cancelled_and_what_is_well_not_retried(api: Caller) -> None:
    job = submitted(api)
    problem(api.post(job["links"]["retry"]), 409, "not_retryable")
    run(job["id"])
    problem(api.post(job["links"]["cancel"]), 409, "not_cancellable")
    problem(api.post(job["links"]["retry"]), 409, "not_retryable")


def test_a_cancelled_job_is_retried_as_a_new_one(api: Caller) -> None:
    job = submitted(api, tags=["again"])
    api.post(job["links"]["cancel"])
    response = api.post(job["links"]["retry"])
    assert response.status_code == 202
    assert response.json()["retry_of"] == job["id"]
    assert response.json()["tags"] == ["again"]
    assert response["Location"] != job["links"]["self"]


def test_nobody_sees_anothers_job(api: Caller, stranger: AbstractUser) -> None:
    job = submitted(api)
    run(job["id"])
    other = Caller(stranger)
    transitions = Transition.objects.count()
    for send in (
        lambda: other.get(job["links"]["self"]),
        lambda: other.get(job["links"]["result"]),
        lambda: other.post(job["links"]["cancel"]),
        lambda: other.post(job["links"]["retry"]),
    ):
        problem(send(), 404, "job_not_found")
    assert other.get(JOBS).json() == {"items": [], "next": None}
    assert set(other.get(f"{JOBS}/counts").json().values()) == {0}
    assert Transition.objects.count() == transitions
    assert Job.objects.count() == 1


def test_staff_see_all_but_by_key_only_with_the_admin_scope(api: Caller, stranger: AbstractUser) -> None:
    job = submitted(api)
    stranger.is_staff = True
    stranger.save()
    assert Caller(stranger, ("read", "admin")).get(job["links"]["self"]).status_code == 200
    problem(Caller(stranger, ("read",)).get(job["links"]["self"]), 404, "job_not_found")
    token = Caller(None).post("/api/v1/token", {"username": "stranger", "password": "a long password"}).json()
    bearer = {"Authorization": f"Bearer {token['access']}"}
    assert Caller(None).get(job["links"]["self"], **bearer).status_code == 200
    stranger.refresh_from_db()
    assert stranger.is_staff


def test_staff_who_may_only_look_do_nothing_to_anothers_job(api: Caller, stranger: AbstractUser) -> None:
    job = submitted(api)
    stranger.is_staff = True
    stranger.save()
    reader = Caller(stranger, ("admin",))
    assert reader.get(job["links"]["self"]).status_code == 200
    problem(reader.post(job["links"]["cancel"]), 403, "permission_denied")
    problem(reader.delete(job["links"]["self"]), 403, "permission_denied")
    assert Job.objects.get().state in (State.ACCEPTED, State.QUEUED)


def test_a_clone_is_a_new_job_with_the_same_request(api: Caller) -> None:
    first = submitted(api, tags=["t"])
    run(first["id"])
    response = api.post(first["links"]["self"] + "/clone")
    again = response.json()
    assert response.status_code == 202, again
    assert again["id"] != first["id"]
    assert (again["analyses"], again["tags"], again["reused"]) == (first["analyses"], ["t"], False)


def test_a_dry_run_checks_and_estimates_and_stores_nothing(api: Caller) -> None:
    body = {"analyses": ["rsi", "macd"], "bars": bars(60)}
    answer = api.post(f"{JOBS}?dry_run=true", body)
    assert answer.status_code == 200, answer.content
    assert answer.json() == {
        "valid": True,
        "queue": "interactive",
        "analyses": ["rsi", "macd"],
        "symbols": 1,
        "bars": 60,
        "chunks": 1,
        "cost_seconds": answer.json()["cost_seconds"],
        "result_bytes": 500 + 3 * 100 + 100 + len("rsimacd.macdmacd.signalmacd.histogram") + 5 * 8,
        "byte_days": 30 * (4_096 + 200 + 48 * 60 + answer.json()["result_bytes"]),
        "reusable": False,
        "chunks_ahead": 0,
        "wait_seconds": 0.0,
    }
    assert not Job.objects.exists()
    refused = api.post(f"{JOBS}?dry_run=true", body | {"analyses": ["rsj"]})
    problem(refused, 422)
    problem(api.post(f"{JOBS}?dry_run=perhaps", body), 422)


def test_a_job_tells_its_moments_and_its_retention(api: Caller) -> None:
    job = submitted(api, start_after="2026-01-01T00:00:00Z", deadline_at="2999-01-01T00:00:00+01:00", retention="7d")
    assert (job["retention"], job["deadline_at"]) == ("7d", "2998-12-31T23:00:00Z")
    assert job["start_after"] == "2026-01-01T00:00:00Z"
    assert job["progress"] == {"done": 0, "total": 1, "failed": 0, "chunks": 1, "rate": None, "eta_seconds": None}
    problem(api.post(JOBS, {"analyses": ["rsi"], "bars": bars(60), "retention": "8d"}), 422)


def test_a_deleted_job_is_gone_with_its_summary(api: Caller, settings: Any, tmp_path: Any) -> None:
    settings.ARCHIVE_DIR = str(tmp_path)
    job = submitted(api)
    problem(api.delete(f"{JOBS}/{job['id']}"), 409, "not_deletable")
    run(job["id"])
    assert api.delete(f"{JOBS}/{job['id']}").status_code == 204
    for path in ("", "/result"):
        gone = problem(api.get(f"{JOBS}/{job['id']}{path}"), 410, "job_deleted")
        assert gone["summary"]["state"] == "succeeded"
    problem(api.delete(f"{JOBS}/{job['id']}"), 410, "job_deleted")


def test_jobs_are_found_by_when_they_were_submitted(api: Caller) -> None:
    first = submitted(api)
    time.sleep(0.02)
    second = submitted(api)
    moment = second["created_at"]

    def found(**query: str) -> list[str]:
        return [job["id"] for job in api.get(f"{JOBS}?{urlencode(query)}").json()["items"]]

    assert found(created_before=moment) == [first["id"]]
    assert found(created_after=moment) == [second["id"]]
    assert found(created_after="2100-01-01T00:00:00Z") == []
    assert set(found(created_after="2000-01-01T00:00:00Z")) == {first["id"], second["id"]}
    assert faults(api.get(f"{JOBS}?created_after=yesterday")) == {("?created_after", "not_a_time")}


def test_jobs_are_found_by_the_request_that_made_them(api: Caller, stranger: AbstractUser) -> None:
    body = {"jobs": [{"analyses": [name], "bars": bars(60)} for name in ("rsi", "atr")]}
    api.post(f"{JOBS}/bulk", body, X_Request_Id="of-two")
    submitted(api)
    assert len(api.get(f"{JOBS}?request_id=of-two").json()["items"]) == 2
    assert Caller(stranger).get(f"{JOBS}?request_id=of-two").json()["items"] == []
    assert api.get(f"{JOBS}?request_id=").status_code == 422
