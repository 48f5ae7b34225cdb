"""POST /ml/predict: a job of patterns with what the model says of them."""

import json
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings as django_settings

from tests.analysis.shipped import ROOT, demo
from tests.api.conftest import Caller, faults, problem
from tests.api.test_bad_input import bars
from tests.api.test_waiting import worker

__all__ = ["worker"]
PREDICT = "/api/v1/ml/predict"


def index() -> dict[str, Any]:
    found = demo("SPX", 1_500)
    columns = {name: getattr(found, name).tolist() for name in ("open", "high", "low", "close")}
    return {"symbol": "SPX", "timeframe": "1d", "time": (found.time // 10**6).tolist(), **columns}


def test_who_waits_gets_every_pattern_with_its_probabilities(api: Caller, cache: Any, worker: None) -> None:
    answer = api.post(PREDICT, {"bars": index(), "output": "all"}, Prefer="wait=30")
    assert answer.status_code == 200, answer.content
    body = answer.json()
    assert body["forecast"]["model"] == "pattern_outcome/2.0.0"
    assert body["events"]
    assert all(event["prediction"]["model_status"] == "ready" for event in body["events"])
    assert any(event["prediction"]["p_target"] is not None for event in body["events"])


def test_who_does_not_wait_gets_a_job_of_the_queue_of_models(api: Caller) -> None:
    job = api.post(PREDICT, {"bars": bars(60), "analyses": ["double_top"]}).json()
    assert (job["queue"], job["analyses"]) == ("ml", ["double_top", "pattern_outcome"])


def test_every_row_says_it_in_every_form(api: Caller, cache: Any, worker: None) -> None:
    made = api.post(PREDICT, {"bars": index(), "output": "all"}).json()
    path = made["links"]["result"]
    api.get(f"{made['links']['self']}?wait=30")
    whole = api.get(path).json()
    lines = api.get(path, Accept="application/x-ndjson").content.splitlines()
    assert b'"model_status":"ready"' in lines[0]
    seen, page = [], api.get(f"{path}?rows=500").json()
    while True:
        seen += page["events"]
        if page["next"] is None:
            break
        page = api.get(f"{path}?rows=500&cursor={page['next']}").json()
    assert [one["prediction"] for one in seen] == [one["prediction"] for one in whole["events"]]


@pytest.mark.parametrize("given", [None, "x", 1, [], {"a": 1}, [None], [[]], ["rsi("], ["pattern_outcome", "nothing"]])
def test_what_is_no_list_of_patterns_is_refused(api: Caller, given: Any) -> None:
    answer = api.post(PREDICT, {"bars": bars(60), "analyses": given})
    assert {pointer.split("/")[1] for pointer, _ in faults(answer)} == {"analyses"}


def test_indicators_are_refused_here(api: Caller) -> None:
    assert faults(api.post(PREDICT, {"bars": bars(60), "analyses": ["rsi"]})) == {("/analyses", "wrong_kind")}


def test_a_body_that_is_too_large_is_refused(api: Caller) -> None:
    problem(api.post(PREDICT, b" " * (django_settings.BODY_MAX_BYTES + 1)), 413)


@pytest.mark.parametrize("path", [PREDICT, "/api/v1/jobs", "/api/v1/indicators/compute"])
def test_ranges_are_answered_without_a_pattern(api: Caller, cache: Any, worker: None, path: str) -> None:
    asked = ["expected_range", {"name": "expected_range", "params": {"horizon": 60}, "as": "far"}]
    made = api.post(path, {"bars": index(), "analyses": asked}).json()
    assert (made["queue"], made["analyses"]) == ("ml", ["expected_range", "far = expected_range(horizon=60)"])
    api.get(f"{made['links']['self']}?wait=30")
    body = api.get(made["links"]["result"]).json()
    assert body["events"] == []
    near, far = body["forecast"]["expected_ranges"]
    assert (near["bars"], far["bars"]) == (20, 60)
    assert body["columns"]["far.high_90"] == [pytest.approx(far["high"][2], rel=1e-5)]
    (line, *_) = api.get(made["links"]["result"], Accept="application/x-ndjson").content.splitlines()
    assert json.loads(line)["forecast"] == body["forecast"]


def test_reasons_come_with_the_predictions_of_who_asks(api: Caller, cache: Any, worker: None) -> None:
    body = api.post(PREDICT, {"bars": index(), "output": "all", "reasons": 2}, Prefer="wait=30").json()
    spoken = [event["prediction"]["reasons"] for event in body["events"] if event["prediction"]["reasons"]]
    assert spoken
    assert {len(head["features"]) for heads in spoken for head in heads if head["share"]} == {2}


@pytest.mark.parametrize("reasons", [0, 11, -1, "3", 2.5, True, [3]])
def test_reasons_are_a_few(api: Caller, reasons: Any) -> None:
    answer = api.post(PREDICT, {"bars": bars(60), "reasons": reasons})
    assert {pointer for pointer, _ in faults(answer)} == {"/reasons"}


def test_candlesticks_are_predicted_where_their_model_is_named(
    api: Caller, cache: Any, worker: None, settings: Any
) -> None:
    settings.CANDLESTICK_MODEL_VERSION = ""
    asked = {"bars": index(), "analyses": ["hammer", "doji", "candlestick_outcome"], "output": "all"}
    body = api.post(PREDICT, asked, Prefer="wait=30").json()
    assert body["forecast"]["candlesticks"]["reason"] == "no_model"
    assert body["forecast"]["candlesticks"]["barriers"] == {"atr": 2.0, "bars": 20}
    assert {event["prediction"]["reason"] for event in body["events"] if event["name"] == "doji"} == {"no_side"}
    assert any(event["prediction"]["p_target"] for event in body["events"])
    alone = api.post(PREDICT, {"bars": bars(60), "analyses": ["candlestick_outcome"]}).json()
    assert {"hammer", "doji", "engulfing"} < set(alone["analyses"])
    assert (alone["analyses"][-1], "double_top" in alone["analyses"]) == ("candlestick_outcome", False)
    both = api.post(PREDICT, {"bars": bars(60), "analyses": ["candlestick_outcome", "pattern_outcome"]}).json()
    assert both["analyses"][-2:] == ["pattern_outcome", "candlestick_outcome"]


def test_patterns_beside_ranges_are_predicted_and_indicators_are_not_let_in(api: Caller) -> None:
    made = api.post(PREDICT, {"bars": bars(60), "analyses": ["double_top", "expected_range(5)"]}).json()
    assert made["analyses"] == ["double_top", "expected_range(horizon=5)", "pattern_outcome"]
    given = ["expected_range(5)", "rsi"]
    assert faults(api.post(PREDICT, {"bars": bars(60), "analyses": given})) == {("/analyses", "wrong_kind")}
    assert faults(api.post(PREDICT, {"bars": bars(60), "analyses": ["expected_range(7)"]})) == {
        ("/analyses/0", "out_of_bounds")
    }


def test_a_version_that_is_not_there_is_chance_and_no_error(
    api: Caller, cache: Any, worker: None, settings: Any
) -> None:
    settings.MODEL_VERSION = "9.9.9"
    body = api.post(PREDICT, {"bars": index(), "output": "all"}, Prefer="wait=30").json()
    assert (body["forecast"]["model_status"], body["forecast"]["reason"]) == ("degraded", "missing")


def test_the_process_that_answers_holds_no_model() -> None:
    """Its memory is for requests: the library alone would take tens of megabytes of every API process."""
    code = "import gravity.wsgi, api.urls, sys; print('xgboost' in sys.modules)"
    env = {"DATABASE_URL": "sqlite://:memory:", "PATH": "/usr/bin:/bin"}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, cwd=ROOT)
    assert done.stdout == "False\n", done.stderr
