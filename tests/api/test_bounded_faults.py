"""However much is wrong with a request: what it costs to find out, and what is answered, stay small."""

import difflib
import json
import time
from typing import Any
from unittest.mock import Mock

import pytest

from analysis.errors import MOST_FAULTS
from analysis.language.parser import parse
from api import parsing
from tests.api.conftest import Caller, faults
from tests.api.test_bulk import BULK

JOBS = "/api/v1/jobs"
TOKEN = "/api/v1/token"


def cpu_of(work: Any) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def test_a_name_given_twice_is_found_in_one_pass() -> None:
    """Ten times the names take about ten times the time, and not a hundred times."""

    def refused(count: int) -> float:
        names = ",".join(f'"n{place}":0' for place in range(count))
        body = f'{{{names},"n{count - 1}":0}}'.encode()

        def read() -> None:
            with pytest.raises(parsing.BodyRefused, match="given twice"):
                parsing.decode(body)

        return min(cpu_of(read) for _ in range(3))

    assert refused(50_000) < 40 * refused(5_000)


@pytest.mark.parametrize(
    "body", [b"[" + b"[]," * 3_000_000 + b"1]", b"[" + b"{}," * 200_000 + b"1]"], ids=["lists", "objects"]
)
def test_more_containers_than_any_request_has_are_refused_before_they_are_made(body: bytes) -> None:
    with pytest.raises(parsing.BodyRefused) as refused:
        parsing.decode(body)
    assert refused.value.get_codes() == "too_many_containers"


def test_brackets_in_texts_are_no_containers() -> None:
    texts = ["close[1] > close[2]" * 10] * 10_000
    assert parsing.decode(json.dumps(texts).encode()) == texts
    quoted = ['say \\"[' * 10] * 20_000
    assert parsing.decode(json.dumps(quoted).encode()) == quoted


@pytest.mark.parametrize("path", [TOKEN, "/api/v1/token/refresh"])
def test_nothing_large_is_read_of_somebody_unknown(anonymous: Caller, path: str) -> None:
    answer = anonymous.post(path, {"username": "x" * 5_000, "password": "y", "refresh": "z"})
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


def test_a_flood_of_unknown_fields_is_counted_and_a_hundred_are_named(api: Caller) -> None:
    answer = api.post(JOBS, {f"field {place}": 1 for place in range(20_000)} | {"analyses": ["rsi"], "symbols": ["X"]})
    body = answer.json()
    assert answer.status_code == 422
    assert len(body["errors"]) <= MOST_FAULTS + 1
    assert len(answer.content) < 30_000
    assert sum("Known are" in fault["detail"] for fault in body["errors"]) == 1
    assert body["errors"][-1]["code"] == "more_faults"


def test_a_flood_of_unknown_analyses_is_counted_and_a_hundred_are_named(api: Caller) -> None:
    answer = api.post(JOBS, {"analyses": [f"rsx{place}" for place in range(150)], "symbols": ["X"]})
    errors = answer.json()["errors"]
    assert (answer.status_code, len(errors), errors[-1]["code"]) == (422, MOST_FAULTS + 1, "more_faults")
    assert sum("nearest" in fault["detail"] for fault in errors) == 5


def test_a_flood_of_texts_that_are_none_is_counted(api: Caller) -> None:
    answer = api.post(JOBS, {"analyses": ["rsi"], "symbols": [1] * 9_000})
    assert answer.status_code == 422
    assert len(answer.json()["errors"]) == MOST_FAULTS + 1


def test_all_jobs_of_a_request_share_what_is_named(api: Caller) -> None:
    jobs = [{"analyses": [f"rsx{n}y{place}" for place in range(40)], "symbols": ["X"]} for n in range(50)]
    answer = api.post(BULK, {"jobs": jobs})
    items = answer.json()["items"]
    assert {item["status"] for item in items} == {422}
    assert all(item["errors"] for item in items)
    named = [fault for item in items for fault in item["errors"] if fault["code"] != "more_faults"]
    assert len(named) <= MOST_FAULTS + len(items)
    assert sum("nearest" in fault["detail"] for fault in named) <= 20


def test_what_is_not_named_any_more_is_not_looked_for(api: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of many jobs with fifty faults each two cost what they do alone, and the others next to nothing."""
    looked_up = Mock(side_effect=difflib.get_close_matches)
    monkeypatch.setattr("analysis.fault_limits.difflib.get_close_matches", looked_up)
    parsed = Mock(side_effect=parse)
    monkeypatch.setattr("analysis.items.parse", parsed)
    strange = {f"symbol{place}": 1 for place in range(50)}
    jobs: list[Any] = [strange] * 100
    jobs += [{"analyses": [f"rsx{n}y{place}" for place in range(50)], "symbols": ["X"]} for n in range(100)]
    items = api.post(BULK, {"jobs": jobs}).json()["items"]
    assert [item["status"] for item in items] == [422] * 200
    assert all(item["errors"] for item in items)
    assert looked_up.call_count <= 20
    # One of each, which is enough to refuse it.
    assert parsed.call_count <= 100
    assert {fault["pointer"] for fault in items[-1]["errors"]} == {"/analyses/0", "/analyses/1"}
    assert items[-1]["errors"][-1]["code"] == "more_faults"


def test_a_thousand_faulty_jobs_cost_little_more_each_than_sound_ones(api: Caller, walks: list[str]) -> None:
    sound = {"analyses": ["rsi"], "symbols": ["W0"], "reuse": False}
    strange = sound | {f"symbol{place}": 1 for place in range(50)}

    def cost(job: dict[str, Any]) -> float:
        return cpu_of(lambda: api.post(BULK, {"jobs": [job] * 100}))

    cost(strange)
    assert min(cost(strange) for _ in range(3)) < min(cost(sound) for _ in range(3))


def test_the_first_faults_say_what_helps(api: Caller) -> None:
    answer = api.post(JOBS, {"analyses": ["rsi"], "symbols": ["X"], "symbol": "X", "zzz": 1})
    told = {fault["pointer"]: fault["detail"] for fault in answer.json()["errors"]}
    assert "Did you mean symbols?" in told["/symbol"]
    assert "Known are analyses" in told["/zzz"]
    assert ("/symbol", "unknown_field") in faults(answer)
