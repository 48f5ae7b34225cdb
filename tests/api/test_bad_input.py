"""Hostile and careless bodies: each gets its problem with all faults at once, and nothing is stored."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from django.conf import settings

from tests.api.conftest import Caller, faults, problem

DAY_MS = 86_400_000
JOBS = "/api/v1/jobs"


def bars(count: int = 30, **changes: Any) -> dict[str, Any]:
    columns: dict[str, Any] = {
        "timeframe": "1d",
        "time": [DAY_MS * (18_000 + n) for n in range(count)],
        "open": [100.0 + n for n in range(count)],
        "high": [102.0 + n for n in range(count)],
        "low": [99.0 + n for n in range(count)],
        "close": [101.0 + n for n in range(count)],
        "volume": [1_000] * count,
    }
    return columns | changes


def with_value(column: str, index: int, value: Any) -> dict[str, Any]:
    columns = bars()
    columns[column][index] = value
    return columns


BAD_BARS = {
    "unsorted": (with_value("time", 5, DAY_MS * 17_000), {("/bars/time/5", "not_sorted")}),
    "duplicate time": (with_value("time", 5, DAY_MS * 18_004), {("/bars/time/5", "duplicate_time")}),
    "high below low": (with_value("high", 3, 50.0), {("/bars/high/3", "high_below_low")}),
    "null price": (with_value("close", 3, None), {("/bars/close/3", "missing")}),
    "boolean price": (with_value("close", 3, True), {("/bars/close/3", "wrong_type")}),
    "text price": (with_value("close", 3, "101"), {("/bars/close/3", "wrong_type")}),
    "unequal columns": (bars(close=[1.0] * 29), {("/bars/close", "unequal_length")}),
    "column missing": ({k: v for k, v in bars().items() if k != "low"}, {("/bars/low", "missing")}),
    "unknown column": (bars(vwap=[1.0] * 30), {("/bars/vwap", "unknown_field")}),
    "no bars": (bars(0), {("/bars", "no_bars")}),
    "text": ("AAPL", {("/bars", "wrong_type")}),
}


@pytest.mark.parametrize("case", BAD_BARS)
def test_bad_bars_are_named_by_value(api: Caller, nothing_stored: Callable[[], bool], case: str) -> None:
    given, expected = BAD_BARS[case]
    found = faults(api.post(JOBS, {"analyses": ["rsi"], "bars": given}))
    assert expected <= found
    assert nothing_stored()


def test_analyses_that_need_prices_above_zero_are_named(api: Caller, nothing_stored: Callable[[], bool]) -> None:
    given = with_value("low", 3, -1.0)
    body = {"analyses": ["sma(2)", "roc(1)", "hammer", "double_top"], "bars": given}
    (error,) = problem(api.post(JOBS, body), 422)["errors"]
    assert (error["pointer"], error["code"]) == ("/analyses", "prices_not_positive")
    assert error["detail"].startswith("roc, double_top need prices above zero; low is -1 at ")
    assert nothing_stored()
    assert api.post(JOBS, {"analyses": ["sma(2)", "hammer"], "bars": given}).status_code == 202


def test_a_naive_time_is_a_fault(api: Caller, nothing_stored: Callable[[], bool]) -> None:
    times = [f"2024-01-{day:02d}T00:00:00Z" for day in range(1, 31)]
    times[4] = "2024-01-05T00:00:00"
    assert ("/bars/time/4", "naive_time") in faults(api.post(JOBS, {"analyses": ["rsi"], "bars": bars(time=times)}))
    assert nothing_stored()


BAD_FIELDS = {
    "unknown field": ({"symbol": "AAPL"}, ("/symbol", "unknown_field")),
    "analyses missing": ({"analyses": ...}, ("/analyses", "missing")),
    "analyses empty": ({"analyses": []}, ("/analyses", "empty")),
    "analyses a text": ({"analyses": "rsi"}, ("/analyses", "wrong_type")),
    "reuse as text": ({"reuse": "true"}, ("/reuse", "wrong_type")),
    "reuse as number": ({"reuse": 1}, ("/reuse", "wrong_type")),
    "output true": ({"output": True}, ("/output", "wrong_type")),
    "output zero": ({"output": 0}, ("/output", "out_of_bounds")),
    "output huge": ({"output": 10**18}, ("/output", "out_of_bounds")),
    "last as text": ({"last": "5"}, ("/last", "wrong_type")),
    "last a fraction": ({"last": 1.5}, ("/last", "wrong_type")),
    "last negative": ({"last": -5}, ("/last", "out_of_bounds")),
    "start naive": ({"start": "2024-01-01T00:00:00"}, ("/start", "naive_time")),
    "start no time": ({"start": "yesterday"}, ("/start", "not_a_time")),
    "start at the edge of time": ({"start": "0001-01-01T00:00:00+14:00"}, ("/start", "not_a_time")),
    "end before start": (
        {"start": "2024-02-01T00:00:00Z", "end": "2024-01-01T00:00:00Z"},
        ("/end", "not_after_start"),
    ),
    "two sources": ({"universe": "demo"}, ("", "ambiguous")),
    "no source": ({"symbols": ...}, ("", "missing")),
    "symbols empty": ({"symbols": []}, ("/symbols", "empty")),
    "symbol a number": ({"symbols": ["AAPL", 5]}, ("/symbols/1", "wrong_type")),
    "symbol long": ({"symbols": ["A" * 41]}, ("/symbols/0", "too_long")),
    "symbol unknown": ({"symbols": ["NOPE"]}, ("/symbols/0", "unknown_symbol")),
    "too many symbols": (
        {"symbols": ["A"] * (settings.JOB_MAX_SYMBOLS + 1)},
        ("/symbols", "too_many"),
    ),
    "tags long": ({"tags": ["t" * 51]}, ("/tags/0", "too_long")),
    "universe a list": ({"universe": ["demo"], "symbols": ...}, ("/universe", "wrong_type")),
    "universe unknown": ({"universe": "nope", "symbols": ...}, ("/universe", "unknown_universe")),
}


@pytest.mark.parametrize("case", BAD_FIELDS)
def test_bad_fields_are_named(api: Caller, nothing_stored: Callable[[], bool], case: str) -> None:
    changes, expected = BAD_FIELDS[case]
    body = {"analyses": ["rsi"], "symbols": ["AAPL"]} | changes
    assert expected in faults(api.post(JOBS, {k: v for k, v in body.items() if v is not ...}))
    assert nothing_stored()


def test_an_unknown_indicator_is_answered_with_the_nearest_name(api: Caller) -> None:
    answer = problem(api.post(JOBS, {"analyses": ["rsi", "rsii"], "bars": bars()}), 422, "invalid_request")
    fault = next(fault for fault in answer["errors"] if fault["pointer"] == "/analyses/1")
    assert "rsi" in fault["detail"]


def test_a_parameter_out_of_bounds_is_named(api: Caller, nothing_stored: Callable[[], bool]) -> None:
    body = {"analyses": [{"name": "macd", "params": {"fast_period": -3}}], "bars": bars()}
    assert any(pointer.startswith("/analyses/0") for pointer, _ in faults(api.post(JOBS, body)))
    assert nothing_stored()


def test_all_faults_come_at_once(api: Caller, nothing_stored: Callable[[], bool]) -> None:
    given = with_value("high", 3, 50.0)
    given["volume"][7] = -2.0
    body = {"analyses": ["rsii"], "bars": given, "last": "5", "colour": "red"}
    found = faults(api.post(JOBS, body))
    assert {("/bars/high/3", "high_below_low"), ("/bars/volume/7", "negative_volume")} <= found
    assert {("/last", "wrong_type"), ("/colour", "unknown_field")} <= found
    assert any(pointer == "/analyses/0" for pointer, _ in found)
    assert nothing_stored()


def test_symbols_and_analyses_are_judged_beside_faults_of_shape(api: Caller) -> None:
    found = faults(api.post(JOBS, {"analyses": ["rsii"], "symbols": ["NOPE"], "reuse": 1}))
    assert {("/symbols/0", "unknown_symbol"), ("/reuse", "wrong_type")} <= found
    assert any(pointer == "/analyses/0" for pointer, _ in found)


BAD_BODIES = {
    "empty": (b"", 400, "empty_body"),
    "blank": (b"  \n", 400, "empty_body"),
    "malformed": (b'{"analyses": [', 400, "malformed_json"),
    "text after the end": (b"{} {}", 400, "malformed_json"),
    "not UTF-8": (b'{"universe": "\xff"}', 400, "not_utf8"),
    "NaN": (b'{"bars": [NaN]}', 400, "not_a_number"),
    "infinity": (b'{"bars": [-Infinity]}', 400, "not_a_number"),
    "name twice": (b'{"analyses": ["rsi"], "analyses": ["macd"]}', 400, "duplicate_name"),
    "deep lists": (b"[" * 90_000 + b"]" * 90_000, 400, "too_deep"),
    "more lists than any request has": (b"[" + b"[]," * 100_001 + b"1]", 400, "too_many_containers"),
    "deep objects": (b'{"a":' * 5_000 + b"1" + b"}" * 5_000, 400, "too_deep"),
    "rather deep": (b"[" * 22 + b"]" * 22, 400, "too_deep"),
    "NUL": (b'{"analyses": ["rsi"], "universe": "a\\u0000b"}', 400, "forbidden_character"),
    "NUL in a name": (b'{"a\\u0000": 1}', 400, "forbidden_character"),
    "half a surrogate pair": (b'{"universe": "\\ud800"}', 400, "forbidden_character"),
    "endless number": (b'{"last": ' + b"9" * 5_000 + b"}", 400, "number_too_large"),
    "number beyond 64 bits": (b'{"last": 9223372036854775808}', 400, "number_too_large"),
    "float beyond 64 bits": (b'{"bars": {"open": [1.0, -1e400]}}', 400, "number_too_large"),
    "float alone": (b"1e999", 400, "number_too_large"),
    "a list": (b"[]", 422, "invalid_request"),
    "null": (b"null", 400, "empty_body"),
    "a number": (b"5", 422, "invalid_request"),
}


@pytest.mark.parametrize("case", BAD_BODIES)
def test_bad_bodies_are_refused(api: Caller, nothing_stored: Callable[[], bool], case: str) -> None:
    body, status, code = BAD_BODIES[case]
    problem(api.post(JOBS, body), status, code)
    assert nothing_stored()


def test_a_body_of_fifty_megabytes_is_refused_unread(api: Caller, nothing_stored: Callable[[], bool]) -> None:
    problem(api.post(JOBS, b"[" + b"1," * 25_000_000 + b"1]"), 413, "body_too_large")
    assert nothing_stored()


def test_a_body_of_unknown_length_is_refused(api: Caller) -> None:
    problem(api.post(JOBS, b"{}", Transfer_Encoding="chunked"), 411, "length_required")


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b", "", "x" * 300]
)
def test_another_content_type_is_refused(api: Caller, nothing_stored: Callable[[], bool], kind: str) -> None:
    body = orjson.dumps({"analyses": ["rsi"], "bars": bars()})
    problem(api.post(JOBS, body, content_type=kind), 415, "unsupported_media_type")
    assert nothing_stored()


def test_an_encoded_body_is_refused(api: Caller) -> None:
    problem(api.post(JOBS, b"\x1f\x8b", Content_Encoding="gzip"), 415, "unsupported_media_type")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("state=asleep", ("?state", "unknown_choice")),
        ("limit=0", ("?limit", "out_of_bounds")),
        ("limit=many", ("?limit", "wrong_type")),
        ("limit=" + "9" * 2_000, ("?limit", "max_string_length")),
        ("limit=1&limit=2", ("?limit", "duplicate_name")),
        ("page=2", ("?page", "unknown_field")),
        ("tag=a%00b", ("?tag", "null_characters_not_allowed")),
        ("cursor=" + "c" * 5_000, ("?cursor", "too_long")),
    ],
)
def test_bad_queries_are_named(api: Caller, query: str, expected: tuple[str, str]) -> None:
    assert expected in faults(api.get(f"{JOBS}?{query}"))


def test_a_cursor_that_is_not_ours_is_refused(api: Caller) -> None:
    problem(api.get(f"{JOBS}?cursor=abc"), 422, "invalid_cursor")
