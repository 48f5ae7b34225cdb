"""Results as pictures."""

from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.api.conftest import Caller, faults, problem
from tests.api.test_bad_input import bars
from tests.api.test_jobs import JOBS, run, submitted
from tests.api.test_results import finished


def test_a_result_is_drawn(api: Caller) -> None:
    job = finished(api, analyses=["sma(10)", "rsi", "patterns"], output="all")
    answer = api.get(job["links"]["chart"])
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/svg+xml; charset=utf-8"
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    text = answer.content.decode()
    ElementTree.fromstring(text)
    assert "sma(period=10)" in text or "sma(10)" in text
    assert ">rsi " in text


def test_a_tag_spares_the_second_drawing(api: Caller) -> None:
    job = finished(api)
    first = api.get(job["links"]["chart"])
    assert api.get(job["links"]["chart"], If_None_Match=first["ETag"]).status_code == 304


def test_one_symbol_of_several(api: Caller, walks: list[str]) -> None:
    job = api.post(JOBS, {"analyses": ["bollinger_bands"], "universe": "walks", "output": 50}).json()
    run(job["id"])
    for symbol in (walks[0], walks[-1]):
        assert f"{symbol} · 1d" in api.get(f"{job['links']['chart']}?symbol={symbol.lower()}").content.decode()


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ("symbol=NOPE", ("?symbol", "unknown_symbol")),
        ("event=nope", ("?event", "unknown_event")),
        ("last=5", ("?last", "out_of_bounds")),
        ("last=601", ("?last", "out_of_bounds")),
        ("colour=red", ("?colour", "unknown_field")),
        ("width=319", ("?width", "out_of_bounds")),
        ("width=2401", ("?width", "out_of_bounds")),
        ("height=239", ("?height", "out_of_bounds")),
        ("height=1e9", ("?height", "wrong_type")),
        ("height=240", ("?height", "too_small")),
        ("columns=nope", ("?columns", "unknown_column")),
        ("end=1900-01-01T00:00:00Z", ("?end", "no_bars")),
        ("end=yesterday", ("?end", "not_a_time")),
        ("event=<script>", ("?event", "unknown_event")),
        ("symbol=<script>", ("?symbol", "unknown_symbol")),
    ],
)
def test_what_cannot_be_drawn_is_named(api: Caller, query: str, fault: tuple[str, str]) -> None:
    job = finished(api)
    assert fault in faults(api.get(f"{job['links']['chart']}?{query}"))


def test_size_columns_and_end_are_chosen(api: Caller) -> None:
    job = finished(api, output="all")
    answer = api.get(f"{job['links']['chart']}?columns=macd.signal&width=640&height=400&end={_day(api, job, 30)}")
    text = answer.content.decode()
    root = ElementTree.fromstring(text)
    assert (root.get("width"), root.get("height")) == ("640", "400")
    assert "macd.signal" in text
    assert ">rsi" not in text
    assert "30 bars" in text


def test_what_is_in_the_unit_of_the_price_and_not_a_price_has_a_pane(api: Caller) -> None:
    job = finished(api, analyses=["macd", "atr", "momentum(10)"], output="all")
    text = api.get(job["links"]["chart"]).content.decode()
    for name in ("macd macd", "atr", "momentum"):
        assert f">{name}" in text


def test_a_condition_is_marked_and_counted(api: Caller) -> None:
    job = finished(api, analyses=["up = close > sma(5)"], output="all")
    assert ">up: on " in api.get(job["links"]["chart"]).content.decode()


def test_a_result_of_one_bar_is_drawn_and_said(api: Caller) -> None:
    job = finished(api, output="last")
    text = api.get(job["links"]["chart"]).content.decode()
    assert "The result has values on 1 of these" in text


def test_a_symbol_without_bars_has_no_picture_and_a_reason(api: Caller, walks: list[str]) -> None:
    api.put("/api/v1/universes/some", {"symbols": [walks[0], "NOSUCH"]})
    job = api.post(JOBS, {"analyses": ["rsi"], "universe": "some"}).json()
    run(job["id"])
    assert faults(api.get(f"{job['links']['chart']}?symbol=NOSUCH")) == {("?symbol", "no_result")}
    assert api.get(f"{job['links']['chart']}?symbol={walks[0]}").status_code == 200


def test_markup_in_what_a_request_names_stays_text(api: Caller) -> None:
    hostile = "<script>alert(1)</script>"
    response = api.post(JOBS, {"analyses": ["rsi"], "bars": {**bars(60), "symbol": hostile}, "tags": [hostile]})
    if response.status_code == 202:
        job = response.json()
        run(job["id"])
        answer = api.get(job["links"]["chart"])
        assert "<script" not in answer.content.decode()
        ElementTree.fromstring(answer.content)
    else:
        assert "<script" not in response["Content-Type"]
        problem(response, 422)


def _day(api: Caller, job: dict[str, Any], count: int) -> str:
    """Return the moment of the bar after the first `count`, in seconds of ISO 8601."""
    moment = api.get(job["links"]["result"]).json()["time"][count]
    return datetime.fromtimestamp(moment / 1_000, tz=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_a_job_under_way_has_no_picture_yet(api: Caller) -> None:
    problem(api.get(submitted(api)["links"]["chart"]), 409, "result_not_ready")
