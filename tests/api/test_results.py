"""Results over HTTP: one symbol as it is, several in pages, and a tag that spares the second reading."""

import difflib
import math
from typing import Any
from unittest.mock import Mock

import pytest
from django.contrib.auth.models import AbstractUser

from analysis.plan import MOST_SUGGESTIONS
from api.v1.result_serializers import BarsFactsSerializer, EventSerializer, ResultSerializer
from jobs.models import Blob
from tests.api.conftest import Caller, faults, problem
from tests.api.test_bad_input import bars
from tests.api.test_jobs import JOBS, run, submitted


def finished(api: Caller, **changes: Any) -> dict[str, Any]:
    job = submitted(api, **changes)
    run(job["id"])
    return job


def test_one_symbol(api: Caller) -> None:
    job = finished(api, output="all")
    response = api.get(job["links"]["result"])
    assert response.status_code == 200
    body = response.json()
    assert len(body["time"]) == 60
    assert {"rsi", "macd.macd", "macd.signal", "macd.histogram"} <= body["columns"].keys()
    assert all(len(column) == 60 for column in body["columns"].values())
    assert body["columns"]["rsi"][0] is None
    assert math.isfinite(body["columns"]["rsi"][-1])
    assert body["time"] == bars(60)["time"]
    assert response["Cache-Control"] == "private, max-age=60"


def test_columns_and_last(api: Caller) -> None:
    job = finished(api, output="all")
    body = api.get(f"{job['links']['result']}?columns=rsi,macd.signal&last=3").json()
    assert body["columns"].keys() == {"rsi", "macd.signal"}
    assert len(body["time"]) == len(body["columns"]["rsi"]) == 3


def test_what_is_forming_comes_when_asked_for(api: Caller) -> None:
    job = finished(api, analyses=["harmonic"], include=["forming"])
    assert api.get(job["links"]["result"]).json()["forming"] == []
    job = finished(api, analyses=["harmonic"])
    assert "forming" not in api.get(job["links"]["result"]).json()


@pytest.mark.parametrize("include", ["forming", ["nonsense"], ["forming", "forming"], {"forming": True}, [None], [1]])
def test_something_else_to_include_is_refused(api: Caller, include: Any) -> None:
    response = api.post(JOBS, {"analyses": ["harmonic"], "bars": bars(60), "include": include})
    assert {pointer.split("/")[1] for pointer, _ in faults(response)} == {"include"}


def test_a_tag_spares_the_second_reading(api: Caller) -> None:
    job = finished(api)
    first = api.get(job["links"]["result"])
    assert api.get(job["links"]["result"], If_None_Match=first["ETag"]).status_code == 304
    assert api.get(f"{job['links']['result']}?last=1", If_None_Match=first["ETag"]).status_code == 200


def test_several_symbols_come_in_pages(api: Caller, walks: list[str]) -> None:
    job = api.post(JOBS, {"analyses": ["rsi"], "universe": "walks"}).json()
    run(job["id"])
    seen: list[str] = []
    path = f"{job['links']['result']}?limit=4"
    while path:
        page = api.get(path).json()
        assert page["failed"] == []
        seen += [item["symbol"] for item in page["items"]]
        path = f"{job['links']['result']}?limit=4&cursor={page['next']}" if page["next"] else ""
    assert seen == walks
    some = api.get(f"{job['links']['result']}?symbol=w2,W4").json()
    assert [item["symbol"] for item in some["items"]] == ["W2", "W4"]


def test_a_result_that_is_not_there_yet(api: Caller) -> None:
    job = submitted(api)
    problem(api.get(job["links"]["result"]), 409, "result_not_ready")


@pytest.mark.parametrize(
    ("query", "pointer"), [("last=0", "?last"), ("last=x", "?last"), ("bars=1", "?bars"), ("limit=101", "?limit")]
)
def test_bad_queries(api: Caller, query: str, pointer: str) -> None:
    job = submitted(api)
    assert pointer in {where for where, _ in faults(api.get(f"{job['links']['result']}?{query}"))}


@pytest.mark.parametrize("cursor", ["x", "1", "1.2.3", "-1.-1", "9" * 400 + ".1", "1e3.0"])
def test_bad_cursors(api: Caller, cursor: str) -> None:
    job = finished(api)
    response = api.get(f"{job['links']['result']}?cursor={cursor}")
    assert response.status_code in (200, 422), response.content


def test_an_unknown_column_is_no_bug(api: Caller) -> None:
    job = finished(api)
    assert api.get(f"{job['links']['result']}?columns=nonsense").status_code in (200, 422)


def test_of_many_unknown_columns_the_nearest_are_looked_up_for_the_first(
    api: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = finished(api, analyses=["rsi", "macd"])
    looked_up = Mock(side_effect=difflib.get_close_matches)
    monkeypatch.setattr("analysis.fault_limits.difflib.get_close_matches", looked_up)
    columns = ",".join(f"rsy{place}" for place in range(500))
    answer = api.get(f"{job['links']['result']}?columns={columns}")
    assert faults(answer) >= {("?columns", "unknown_column")}
    assert "There are rsi" in answer.json()["errors"][0]["detail"]
    assert looked_up.call_count <= MOST_SUGGESTIONS


def test_a_symbol_that_could_not_be_computed_is_listed(api: Caller, owner: AbstractUser) -> None:
    job = finished(api, bars=bars(3))
    body = api.get(job["links"]["result"]).json()
    assert body["items"] == []
    assert body["failed"][0]["code"]


def test_a_damaged_result_is_a_bug_and_not_the_clients_fault(api: Caller) -> None:
    job = finished(api)
    Blob.objects.update(data=b"damaged")
    problem(api.get(job["links"]["result"]), 500, "internal_error")


def test_it_is_what_the_document_says(api: Caller, walks: list[str]) -> None:
    job = api.post(JOBS, {"analyses": ["rsi", "candlesticks"], "symbols": ["W0"], "output": "all"}).json()
    run(job["id"])
    body = api.get(job["links"]["result"]).json()
    assert body.keys() == set(ResultSerializer().fields) - {"forecast", "forming", "rows", "next"}
    assert body["bars"].keys() == set(BarsFactsSerializer().fields) - {"sessions"}
    assert (body["stale"], body["bars"]["usual_step_seconds"]) == (True, 86_400), "the walks end in 2020"
    assert body["events"]
    always = {name for name, field in EventSerializer().fields.items() if field.required}
    assert all(event.keys() == always for event in body["events"])


def test_columns_are_asked_for_as_they_were_typed(api: Caller, walks: list[str]) -> None:
    analyses = ["rsi(14)", "ema(50)", "macd", "fast = ema(5)", "bollinger_bands(25)"]
    job = api.post(JOBS, {"analyses": analyses, "symbols": ["W0"]}).json()
    run(job["id"])
    for asked, columns in {
        "rsi(14)": {"rsi"},
        "ema(50),fast": {"ema(period=50)", "fast"},
        "macd": {"macd.macd", "macd.signal", "macd.histogram"},
        "bollinger_bands(25).upper": {"bollinger_bands(period=25).upper"},
    }.items():
        answer = api.get(f"{job['links']['result']}?columns={asked}")
        assert set(answer.json()["columns"]) == columns, asked


def test_columns_and_symbols_that_are_not_in_the_result_are_named(api: Caller, walks: list[str]) -> None:
    job = api.post(JOBS, {"analyses": ["rsi", "macd"], "symbols": ["W0", "W1"]}).json()
    run(job["id"])
    answer = api.get(f"{job['links']['result']}?columns=rsi,nope,macd.sgnal&symbol=W0,NOPE")
    assert faults(answer) == {("?columns", "unknown_column"), ("?symbol", "unknown_symbol")}
    assert "macd.signal" in answer.content.decode()


def test_a_member_of_a_universe_without_bars_fails_alone(api: Caller, walks: list[str]) -> None:
    api.put("/api/v1/universes/some", {"symbols": ["W0", "NOSUCH"]})
    job = api.post(JOBS, {"analyses": ["rsi"], "universe": "some"}).json()
    run(job["id"])
    result = api.get(job["links"]["result"]).json()
    assert [item["symbol"] for item in result["items"]] == ["W0"]
    assert [(one["symbol"], one["code"]) for one in result["failed"]] == [("NOSUCH", "unknown_series")]
    assert api.get(job["links"]["self"]).json()["state"] == "partial"
    api.put("/api/v1/universes/none", {"symbols": ["NOSUCH"]})
    assert faults(api.post(JOBS, {"analyses": ["rsi"], "universe": "none"})) == {("/universe", "unknown_symbol")}


def test_a_symbol_without_these_bars_tells_which_there_are(api: Caller, walks: list[str]) -> None:
    answer = api.post(JOBS, {"analyses": ["rsi"], "symbols": ["W0"], "timeframe": "1h"})
    assert answer.json()["errors"][0]["detail"] == "No 1h bars of W0. There are 1d."


def test_fields_that_are_null_are_fields_left_away(api: Caller, walks: list[str]) -> None:
    body = {"analyses": ["rsi"], "symbols": ["W0"], "bars": None, "universe": None, "start": None, "last": None}
    assert api.post(JOBS, body).status_code == 202


def test_the_asked_range_may_be_given_in_numbers(api: Caller, walks: list[str]) -> None:
    time = api.get("/api/v1/series/W0/1d").json()["time"]
    for start in (time[-3], time[-3] // 1_000):
        job = api.post(JOBS, {"analyses": ["rsi"], "symbols": ["W0"], "start": start, "output": "all"}).json()
        run(job["id"])
        assert api.get(job["links"]["result"]).json()["time"] == time[-3:]
