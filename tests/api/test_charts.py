"""Results as pictures."""

from xml.etree import ElementTree

import pytest

from tests.api.conftest import Caller, faults, problem
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
    assert ">rsi</text>" in text


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
    ],
)
def test_what_cannot_be_drawn_is_named(api: Caller, query: str, fault: tuple[str, str]) -> None:
    job = finished(api)
    assert fault in faults(api.get(f"{job['links']['chart']}?{query}"))


def test_a_job_under_way_has_no_picture_yet(api: Caller) -> None:
    problem(api.get(submitted(api)["links"]["chart"]), 409, "result_not_ready")
