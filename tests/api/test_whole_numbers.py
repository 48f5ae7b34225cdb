"""A number is digits of ASCII: what Python reads as one besides (5.0, +5, 1_0, ٥) is refused wherever it comes in."""

from typing import Any

import pytest

from analysis import Plan
from analysis.errors import PlanError
from api.converters import VersionConverter
from market.errors import BarsInputError
from market.importers import reading
from tests.api.conftest import Caller, faults, problem
from tests.api.test_bad_input import JOBS, bars

PYTHONS_NUMBERS = ["5.0", "%2B5", "1_0", "%205", "5%20", "5%0A", "%D9%A5", "%EF%BC%95", "%C2%B2", "5e0", "0x5"]
PARAMETERS = [
    (f"{JOBS}/{{id}}", "wait"),
    (f"{JOBS}/{{id}}/result", "limit"),
    (f"{JOBS}/{{id}}/result", "rows"),
    (f"{JOBS}/{{id}}/result", "last"),
    (f"{JOBS}/{{id}}/chart.svg", "last"),
    (f"{JOBS}/{{id}}/chart.svg", "width"),
    (f"{JOBS}/{{id}}/chart.svg", "height"),
    ("/api/v1/series/AAPL/1d", "last"),
]


@pytest.fixture
def job(api: Caller) -> str:
    answer = api.post(JOBS, {"analyses": ["rsi"], "bars": bars()})
    assert answer.status_code == 202, answer.content
    stored = api.post("/api/v1/series", {"symbol": "AAPL", "timeframe": "1d", "bars": bars()})
    assert stored.status_code == 201, stored.content
    name: str = answer.json()["id"]
    return name


def test_no_query_takes_what_only_python_calls_a_whole_number(api: Caller, job: str) -> None:
    asked = [(JOBS, "limit", text) for text in PYTHONS_NUMBERS]
    asked += [(path, name, text) for path, name in PARAMETERS for text in ("5.0", "%D9%A5")]
    taken = [
        f"{path}?{name}={text}"
        for path, name, text in asked
        if (f"?{name}", "wrong_type") not in faults(api.get(f"{path.format(id=job)}?{name}={text}"))
    ]
    assert not taken


def test_digits_are_taken_and_bounds_are_told(api: Caller, job: str) -> None:
    assert api.get(f"{JOBS}?limit=5").status_code == 200
    assert faults(api.get(f"{JOBS}?limit=-5")) == {("?limit", "out_of_bounds")}
    assert faults(api.get(f"{JOBS}?limit={'9' * 30}")) == {("?limit", "out_of_bounds")}


@pytest.mark.parametrize("text", ["%D9%A0" * 32, "%EF%BC%90" * 32, "0_" * 15 + "00", "{" + "0" * 32 + "}", "0" * 32])
def test_no_cursor_of_another_way_to_write_an_id(api: Caller, text: str) -> None:
    problem(api.get(f"{JOBS}?cursor={text}"), 422, "invalid_cursor")


@pytest.mark.parametrize("name", ["created_after", "created_before"])
@pytest.mark.parametrize("text", ["١٧٠٠٠٠٠٠٠٠", "１７０００００００００００", "1_700_000_000", "1700000000.0"])
def test_no_moment_in_other_digits(api: Caller, name: str, text: str) -> None:
    assert faults(api.get(f"{JOBS}?{name}={text}")) == {(f"?{name}", "not_a_time")}


@pytest.mark.parametrize("version", ["١.0.0", "１.0.0", "1.0.²"])
def test_no_version_in_other_digits(api: Caller, version: str) -> None:
    problem(api.get(f"/api/v1/models/pattern_outcome/{version}"), 404)
    assert "\\d" not in VersionConverter.regex


@pytest.mark.parametrize("text", ["sma(close, １４)", "sma(close, ١٤)", "close[١]", "close > ١٠٠.٥", "rsi(٢_0)"])
def test_no_expression_in_other_digits(api: Caller, text: str) -> None:
    with pytest.raises(PlanError):
        Plan.parse([text])
    assert [at for at, _ in faults(api.post(JOBS, {"analyses": [text], "bars": bars()}))] == ["/analyses/0"]


def _file(**changes: Any) -> bytes:
    row = {"time": "2024-01-02", "open": "1", "high": "2", "low": "1", "close": "2", "volume": "5"} | changes
    return f"{','.join(row)}\n{','.join(row.values())}\n".encode()


@pytest.mark.parametrize(
    "changes", [{"close": "٢"}, {"volume": "５"}, {"time": "１７０４１５３６００"}, {"open": "1_0"}]
)
def test_no_file_in_other_digits(changes: dict[str, str]) -> None:
    reading.read_bars(_file(), symbol="A", timeframe="1d")
    with pytest.raises(BarsInputError) as caught:
        reading.read_bars(_file(**changes), symbol="A", timeframe="1d")
    assert [fault.pointer for fault in caught.value.faults] == [f"/2/{next(iter(changes))}"]
