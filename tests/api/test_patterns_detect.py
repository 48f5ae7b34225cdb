"""POST /patterns/detect answers what one would trade on today: recent events, and those that are still open."""

from typing import Any

import pytest

from analysis import Plan, run
from analysis.validation.entry_checks import LATER_NS
from tests.analysis.shipped import demo
from tests.api.conftest import Caller
from tests.api.test_jobs import JOBS
from tests.api.test_jobs import run as work
from tests.api.test_results import faults

DETECT = "/api/v1/patterns/detect"
SHAPES = ["chart_patterns", "divergence", "support", "resistance"]
FACTS = {"entry", "reward_to_risk", "volume_ratio", "trend_before", "same_as", "bars_to_target"}


def body(**more: Any) -> dict[str, Any]:
    bars = demo("AAPL", 900)
    columns = {name: getattr(bars, name).tolist() for name in ("open", "high", "low", "close", "volume")}
    time = (bars.time // 1_000_000).tolist()
    return {"analyses": SHAPES, "bars": {"symbol": "AAPL", "timeframe": "1d", "time": time, **columns}, **more}


def answered(api: Caller, address: str, asked: dict[str, Any]) -> dict[str, Any]:
    job = api.post(address, asked).json()
    work(job["id"])
    result: dict[str, Any] = api.get(job["links"]["result"]).json()
    return result


def test_by_default_the_last_60_bars_and_what_is_open(api: Caller) -> None:
    result = answered(api, DETECT, body())
    bars = demo("AAPL", 900)
    expected = run(Plan.parse(SHAPES), bars, now_ns=LATER_NS, output=60, keep_open=True).events
    assert [event["id"] for event in result["events"]] == [event.id for event in expected]
    assert len(result["time"]) == 60
    assert result["events"]
    for event in result["events"]:
        assert set(event) >= FACTS
        if event["bar"] < 840:
            assert event["history"][-1]["status"] in ("confirmed", "target")


@pytest.mark.parametrize("asked", [{"output": "last"}, {"last": 5}, {"output": 3, "include": ["forming"]}])
def test_who_says_which_bars_gets_those(api: Caller, asked: dict[str, Any]) -> None:
    result = answered(api, DETECT, body(**asked))
    assert len(result["time"]) == (1 if "output" not in asked or asked["output"] == "last" else 3)
    assert [event for event in result["events"] if event["bar"] < 895] == []


def test_what_is_forming_comes_with_the_default_and_null_is_nothing_said(api: Caller) -> None:
    result = answered(api, DETECT, body(include=["forming"], output=None))
    assert len(result["time"]) == 60
    assert isinstance(result["forming"], list)


def test_any_job_may_ask_for_what_is_open(api: Caller) -> None:
    whole = answered(api, JOBS, body(output="all"))["events"]
    ids = {event["id"] for event in answered(api, JOBS, body(output=1, include=["open"]))["events"]}
    open_ = {event["id"] for event in whole if event["history"][-1]["status"] == "confirmed"}
    assert open_ <= ids
    assert len(ids) < len(whole)


@pytest.mark.parametrize("include", [["open", "open"], ["forming", "open", "open"], "open", ["opened"]])
def test_something_else_is_refused(api: Caller, include: Any) -> None:
    for address in (DETECT, JOBS):
        response = api.post(address, body(include=include))
        assert {pointer.split("/")[1] for pointer, _ in faults(response)} == {"include"}, address
