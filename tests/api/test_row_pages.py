"""Results in pages of bars: every bar and every event once, and never a page that is larger than it may be."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import AbstractUser

from analysis import stored_events
from jobs import concurrency_slots, results
from jobs.models import Blob, Job
from tests.api.conftest import Caller, faults, problem
from tests.api.test_jobs import JOBS, run
from tests.api.test_result_forms import CSV, FORMS, NDJSON, content
from tests.api.test_streaming import leave

ANALYSES = ["rsi", "macd", "candlesticks", "swing_levels"]


@pytest.fixture
def job(api: Caller, walks: list[str]) -> dict[str, Any]:
    return finished(api, symbols=walks[:1], output=200)


def finished(api: Caller, **asked: Any) -> dict[str, Any]:
    job: dict[str, Any] = api.post(JOBS, {"analyses": ANALYSES, **asked}).json()
    run(job["id"])
    return job


def pages(api: Caller, job: dict[str, Any], query: str) -> Iterator[dict[str, Any]]:
    """Every page of a result, by its cursors."""
    cursor: str | None = ""
    while cursor is not None:
        answer = api.get(f"{job['links']['result']}?{query}{cursor and f'&cursor={cursor}'}")
        assert answer.status_code == 200, answer.content
        page = answer.json()
        yield page
        assert page["next"] != cursor, "a page that leads to itself"
        cursor = page["next"]


def joined(items: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The pages' items put together, as whole results by their symbols."""
    whole: dict[str, dict[str, Any]] = {}
    for item in items:
        rows = item.pop("rows")
        item.pop("next", None)
        assert rows["count"] == len(item["time"])
        if item["symbol"] not in whole:
            assert rows["first"] == 0
            whole[item["symbol"]] = item
            continue
        one = whole[item["symbol"]]
        assert rows["first"] == len(one["time"])
        one["time"] += item["time"]
        one["events"] += item["events"]
        for key, values in item["columns"].items():
            one["columns"][key] += values
        assert {**one, "time": 0, "events": 0, "columns": 0} == {**item, "time": 0, "events": 0, "columns": 0}
    return whole


@pytest.mark.parametrize("few", [0, 1_000])
def test_the_pages_are_the_result(api: Caller, job: dict[str, Any], few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored_events, "FEW", few)
    for query in ("", "&last=77", "&columns=rsi,macd.signal", "&last=1"):
        whole = api.get(f"{job['links']['result']}?{query}").json()
        assert whole["events"] or "last" in query
        for rows in (9, 64, 200, 201, 100_000):
            found = list(pages(api, job, f"rows={rows}{query}"))
            assert len(found) == -(-len(whole["time"]) // rows)
            assert all(page["rows"]["total"] == len(whole["time"]) for page in found)
            assert joined(found) == {"W0": whole}


def test_symbols_share_a_page_and_go_on_on_the_next(api: Caller, walks: list[str]) -> None:
    job = finished(api, symbols=walks, output=30)
    whole = {item["symbol"]: item for item in api.get(job["links"]["result"]).json()["items"]}
    for rows in (7, 30, 45, 180):
        found = list(pages(api, job, f"rows={rows}"))
        bars = [sum(item["rows"]["count"] for item in page["items"]) for page in found]
        assert all(count == rows for count in bars[:-1])
        assert sum(bars) == 180
        assert joined([item for page in found for item in page["items"]]) == whole
    some = list(pages(api, job, "rows=20&symbol=W1,W3"))
    assert joined([item for page in some for item in page["items"]]).keys() == {"W1", "W3"}


def test_what_failed_is_on_the_pages_once(api: Caller, walks: list[str]) -> None:
    api.put("/api/v1/universes/some", {"symbols": ["NOSUCH", "W0", "NONE", "W1"]})
    job = finished(api, universe="some", output=10)
    found = list(pages(api, job, "rows=4"))
    assert sorted(one["symbol"] for page in found for one in page["failed"]) == ["NONE", "NOSUCH"]
    assert joined([item for page in found for item in page["items"]]).keys() == {"W0", "W1"}


@pytest.mark.parametrize("rows", ["0", "-1", "x", "100001", "1.5", ""])
def test_bad_rows(api: Caller, job: dict[str, Any], rows: str) -> None:
    assert {where for where, _ in faults(api.get(f"{job['links']['result']}?rows={rows}"))} == {"?rows"}


@pytest.mark.parametrize("form", FORMS)
def test_rows_are_of_json(api: Caller, job: dict[str, Any], form: str) -> None:
    answer = api.get(f"{job['links']['result']}?rows=5", Accept=form)
    assert faults(answer) == {("?rows", "not_for_this_form")}


@pytest.mark.parametrize(
    "cursor", ["0.0.201", "0.0.999999999", "0.0.-1", "0.0.1.2", "0.0.", "-0.0.0", "0.0.1e2", "٣.٣.٣"]
)
def test_cursors_that_lead_nowhere(api: Caller, job: dict[str, Any], cursor: str) -> None:
    problem(api.get(f"{job['links']['result']}?rows=10&cursor={cursor}"), 422, "invalid_cursor")


def test_a_cursor_of_another_place_has_no_bars(api: Caller, job: dict[str, Any]) -> None:
    for cursor in ("0.7.3", "9.0.0", "999999999.999999999.999999999"):
        body = api.get(f"{job['links']['result']}?rows=10&cursor={cursor}").json()
        assert (body["items"], body["next"]) == ([], None)


def test_a_page_that_is_too_large_says_how_to_read_it(
    api: Caller, job: dict[str, Any], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = api.get(job["links"]["result"]).json()
    settings.RESULT_PAGE_MAX_BYTES = 20_000

    def never(*_: Any, **__: Any) -> None:
        raise AssertionError("it was rendered")

    with monkeypatch.context() as patched:
        patched.setattr("analysis.result.Result.to_dict", never)
        for query in ("", "?rows=200", "?last=190"):
            detail = problem(api.get(f"{job['links']['result']}{query}"), 422, "page_too_large")["detail"]
    assert "columns or last" in detail
    rows = int(re.search(r"rows=(\d+)", detail)[1])  # type: ignore[index]
    assert rows > 10
    assert joined(list(pages(api, job, f"rows={rows}"))) == {"W0": whole}
    assert api.get(f"{job['links']['result']}?columns=rsi&last=20").status_code == 200
    for form in FORMS:
        assert content(api.get(job["links"]["result"], Accept=form))


def test_pages_of_several_symbols_are_no_larger_either(api: Caller, walks: list[str], settings: Any) -> None:
    job = finished(api, symbols=walks, output=50)
    whole = api.get(job["links"]["result"])
    size = len(whole.content)
    settings.RESULT_PAGE_MAX_BYTES = size // 2
    seen: list[dict[str, Any]] = []
    cursor = ""
    while True:
        answer = api.get(f"{job['links']['result']}?{cursor}")
        assert len(answer.content) <= size // 2
        page = answer.json()
        seen += page["items"]
        if page["next"] is None:
            break
        cursor = f"cursor={page['next']}"
    assert seen == whole.json()["items"]


def test_what_a_page_is_told_to_have_is_no_less_than_it_has(api: Caller, walks: list[str], settings: Any) -> None:
    """The estimate decides; so no page may come out larger than it."""
    job = finished(api, symbols=walks[:1], output="all", analyses=["all"])
    whole = len(api.get(job["links"]["result"]).content)
    settings.RESULT_PAGE_MAX_BYTES = whole
    problem(api.get(job["links"]["result"]), 422, "page_too_large")
    settings.RESULT_PAGE_MAX_BYTES = 2 * whole
    assert api.get(job["links"]["result"]).status_code == 200
    for rows in (20, 100):
        settings.RESULT_PAGE_MAX_BYTES = 10**9
        sizes = [
            len(api.get(f"{job['links']['result']}?rows={rows}&cursor=0.0.{at}").content) for at in range(0, 300, rows)
        ]
        settings.RESULT_PAGE_MAX_BYTES = min(sizes) - 1
        for at in range(0, 300, rows):
            problem(api.get(f"{job['links']['result']}?rows={rows}&cursor=0.0.{at}"), 422, "page_too_large")


def test_who_waits_for_what_is_too_large_gets_the_job(api: Caller, walks: list[str], settings: Any) -> None:
    body = {"analyses": ["rsi"], "symbols": walks[:1], "output": "all"}
    job = api.post(JOBS, body).json()
    run(job["id"])
    settings.RESULT_PAGE_MAX_BYTES = 1_000
    answer = api.post("/api/v1/indicators/compute", body, Prefer="wait=5")
    assert answer.status_code == 202
    assert answer.json()["state"] == "succeeded"


def test_few_large_results_are_read_at_once(api: Caller, job: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "LARGE_BYTES", 100)
    monkeypatch.setattr(concurrency_slots, "large", concurrency_slots.Slots(1))
    path = job["links"]["result"]
    for _ in range(3):  # and each gives its place back
        for form in ("application/json", *FORMS):
            answer = api.get(path, Accept=form)
            assert content(answer)
            leave(answer)
        assert api.get(job["links"]["chart"]).status_code == 200
        problem(api.get(f"{path}?columns=nope", Accept=CSV), 422, "invalid_request")
        problem(api.get(f"{path}?columns=nope"), 422, "invalid_request")
    concurrency_slots.large.take()
    for form in ("application/json", *FORMS):
        answer = api.get(path, Accept=form)
        problem(answer, 503, "no_place_free")
        assert answer["Retry-After"] == "5"
    problem(api.get(job["links"]["chart"]), 503, "no_place_free")


def test_a_stream_without_a_place_gives_back_what_it_holds(
    api: Caller, job: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(results, "LARGE_BYTES", 100)
    monkeypatch.setattr(concurrency_slots, "large", concurrency_slots.Slots(1))
    monkeypatch.setattr(concurrency_slots, "waiting", concurrency_slots.Slots(0))
    for _ in range(2):
        problem(api.get(job["links"]["result"], Accept=NDJSON), 503, "no_place_free")
    monkeypatch.setattr(concurrency_slots, "waiting", concurrency_slots.Slots(1))
    assert content(api.get(job["links"]["result"], Accept=NDJSON))


def test_a_damaged_blob_is_told_in_every_form(api: Caller, owner: AbstractUser, job: dict[str, Any]) -> None:
    blob = Blob.objects.get(pk=Job.objects.get(pk=job["id"]).chunks.get().blob_id)
    Blob.objects.filter(pk=blob.pk).update(data=bytes(blob.data)[:-3])
    problem(api.get(f"{job['links']['result']}?rows=3"), 500, "internal_error")
