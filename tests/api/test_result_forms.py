"""Results as NDJSON, CSV and Parquet: the same values as in JSON, whole, bounded, and harmless in a spreadsheet."""

import csv
import io
import json
import math
import sys
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.contrib.auth.models import AbstractUser
from django.test import override_settings

from api.tables import cell
from jobs.models import Blob, Chunk
from tests.api.conftest import Caller, faults, problem
from tests.api.test_bad_input import bars
from tests.api.test_jobs import JOBS, run, submitted
from tests.api.test_results import finished

NDJSON, CSV, PARQUET = "application/x-ndjson", "text/csv", "application/vnd.apache.parquet"
FORMS = (NDJSON, CSV, PARQUET)


def content(answer: Any) -> bytes:
    assert answer.status_code == 200, answer.content
    whole = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return bytes(whole)


def in_chunks(api: Caller, symbols: list[str], **changes: Any) -> dict[str, Any]:
    """A finished job with a chunk for every symbol or two."""
    with override_settings(CHUNK_TARGET_MILLISECONDS=0.0001):
        job: dict[str, Any] = api.post(JOBS, {"analyses": ["rsi", "macd"], "symbols": symbols, **changes}).json()
    run(job["id"])
    assert Chunk.objects.filter(job_id=job["id"]).count() > 1
    return job


def as_json(api: Caller, job: dict[str, Any], query: str = "") -> list[dict[str, Any]]:
    body = api.get(f"{job['links']['result']}{query}").json()
    return body.get("items", [body])


def rows_of(items: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """Every bar of these results: symbol, milliseconds, and the columns."""
    return [
        (item["symbol"], *values)
        for item in items
        for values in zip(item["time"], *item["columns"].values(), strict=True)
    ]


def test_ndjson_streams_every_symbol_as_json_has_it(api: Caller, walks: list[str]) -> None:
    job = in_chunks(api, walks, output="all")
    answer = api.get(job["links"]["result"], Accept=NDJSON)
    assert answer.streaming
    assert answer["Content-Type"] == NDJSON
    assert [json.loads(line) for line in content(answer).splitlines()] == as_json(api, job)


def test_ndjson_says_which_symbols_failed(api: Caller, walks: list[str]) -> None:
    api.put("/api/v1/universes/some", {"symbols": ["W0", "NOSUCH", "W1"]})
    job = api.post(JOBS, {"analyses": ["rsi"], "universe": "some"}).json()
    run(job["id"])
    lines = [json.loads(line) for line in content(api.get(job["links"]["result"], Accept=NDJSON)).splitlines()]
    assert {line["symbol"] for line in lines} == {"W0", "W1", "NOSUCH"}
    (failed,) = [line["failed"] for line in lines if "failed" in line]
    assert failed["code"] == "unknown_series"


def test_csv_has_the_same_values(api: Caller, walks: list[str]) -> None:
    job = in_chunks(api, walks, output="all")
    answer = api.get(job["links"]["result"], Accept=CSV)
    assert answer["Content-Type"].startswith("text/csv")
    assert answer["Content-Disposition"] == f'attachment; filename="{job["id"]}.csv"'
    text = content(answer)
    assert int(answer["Content-Length"]) == len(text)
    head, *rows = csv.reader(io.StringIO(text.decode(), newline=""))
    assert head == ["symbol", "time", "rsi", "macd.macd", "macd.signal", "macd.histogram"]
    expected = rows_of(as_json(api, job))
    assert len(rows) == len(expected) == 6 * 300
    for row, (symbol, _, *values) in zip(rows, expected, strict=True):
        assert row[0] == symbol
        assert row[1].endswith("Z")
        assert [float(text) if text else None for text in row[2:]] == values
    assert rows[0][1] == "2020-01-01T00:00:00Z"


def test_parquet_has_the_same_values(api: Caller, walks: list[str]) -> None:
    job = in_chunks(api, walks, output="all")
    table = pq.read_table(io.BytesIO(content(api.get(job["links"]["result"], Accept=PARQUET))))
    assert [str(kind) for kind in table.schema.types] == ["string", "timestamp[ms, tz=UTC]", *["double"] * 4]
    columns = table.to_pydict()
    times = [round(moment.timestamp() * 1_000) for moment in columns.pop("time")]
    got = list(zip(columns.pop("symbol"), times, *columns.values(), strict=True))
    assert got == rows_of(as_json(api, job))


@pytest.mark.parametrize("form", FORMS)
def test_symbols_columns_and_last_choose(api: Caller, walks: list[str], form: str) -> None:
    job = in_chunks(api, walks, output="all")
    query = "?symbol=w1,W4&columns=rsi&last=2"
    whole = content(api.get(f"{job['links']['result']}{query}", Accept=form))
    items = as_json(api, job, query)
    if form == NDJSON:
        assert [json.loads(line) for line in whole.splitlines()] == items
    elif form == CSV:
        assert [row[0] for row in csv.reader(io.StringIO(whole.decode()))] == ["symbol", "W1", "W1", "W4", "W4"]
    else:
        table = pq.read_table(io.BytesIO(whole))
        assert table.column_names == ["symbol", "time", "rsi"]
        assert table.num_rows == 4


def test_a_job_of_patterns_alone_has_rows_without_columns(api: Caller) -> None:
    job = finished(api, analyses=["doji"], output="all")
    assert len(content(api.get(job["links"]["result"], Accept=CSV)).splitlines()) == 61
    assert pq.read_table(io.BytesIO(content(api.get(job["links"]["result"], Accept=PARQUET)))).num_rows == 60


def test_columns_with_the_names_of_the_first_two_have_others(api: Caller) -> None:
    job = finished(api, analyses=["time = ema(5)", "time_ = ema(6)", "symbol = rsi", "-close"], output=2)
    expected = ["symbol", "time", "time_", "time__", "symbol_", "-close"]
    head = content(api.get(job["links"]["result"], Accept=CSV)).splitlines()[0].decode()
    assert head.split(",") == [*expected[:-1], "'-close"]
    table = pq.read_table(io.BytesIO(content(api.get(job["links"]["result"], Accept=PARQUET))))
    assert table.column_names == expected


def test_everything_at_once_in_every_form(api: Caller, walks: list[str]) -> None:
    job = api.post(JOBS, {"analyses": ["all"], "symbols": walks[:2], "output": 20}).json()
    run(job["id"])
    items = as_json(api, job)
    rows = list(csv.reader(io.StringIO(content(api.get(job["links"]["result"], Accept=CSV)).decode(), newline="")))
    assert rows[0][2:] == list(items[0]["columns"])
    for row, expected in zip(rows[1:], rows_of(items), strict=True):
        assert [float(text) if text else None for text in row[2:]] == list(expected[2:])
    table = pq.read_table(io.BytesIO(content(api.get(job["links"]["result"], Accept=PARQUET))))
    assert table.num_rows == 40
    assert not any(math.isnan(value) for column in table.columns[2:] for value in column.to_pylist() if value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("AAPL", b"AAPL"),
        ("=1+1", b"'=1+1"),
        ("+x", b"'+x"),
        ("-x", b"'-x"),
        ("@SUM(A1)", b"'@SUM(A1)"),
        ("\tx", b"'\tx"),
        ("\rx", b'"\'\rx"'),
        ('=HYPERLINK("a","b")', b'"\'=HYPERLINK(""a"",""b"")"'),
        ("macd(12,26)", b'"macd(12,26)"'),
        ("^GSPC", b"^GSPC"),
        ("", b""),
    ],
)
def test_no_text_becomes_a_formula(text: str, expected: bytes) -> None:
    assert cell(text) == expected


def test_numbers_below_zero_stay_numbers(api: Caller) -> None:
    falling = bars(60, close=[101.0 - n / 10 for n in range(60)], low=[90.0] * 60)
    falling["open"], falling["high"] = [100.0] * 60, [102.0] * 60
    job = finished(api, analyses=["macd"], bars=falling, output="all")
    rows = list(csv.DictReader(io.StringIO(content(api.get(job["links"]["result"], Accept=CSV)).decode())))
    assert float(rows[-1]["macd.macd"]) < 0
    assert rows[0]["symbol"] == ""


@pytest.mark.parametrize(
    ("accept", "query", "expected"),
    [
        (NDJSON, "?limit=3&cursor=0.1&table=events", {"?limit", "?cursor", "?table"}),
        (CSV, "?limit=3&cursor=0.1", {"?limit", "?cursor"}),
        (PARQUET, "?limit=3", {"?limit"}),
        ("application/json", "?table=columns", {"?table"}),
        (CSV, "?table=corners", {"?table"}),
    ],
)
def test_parameters_of_another_form_are_refused(api: Caller, accept: str, query: str, expected: set[str]) -> None:
    job = finished(api)
    answer = api.get(f"{job['links']['result']}{query}", Accept=accept)
    assert {pointer for pointer, _ in faults(answer)} == expected


@pytest.mark.parametrize("form", FORMS)
def test_problems_are_problems_in_every_form(api: Caller, stranger: AbstractUser, form: str) -> None:
    job = submitted(api)
    problem(api.get(job["links"]["result"], Accept=form), 409, "result_not_ready")
    problem(Caller(stranger).get(job["links"]["result"], Accept=form), 404, "job_not_found")
    run(job["id"])
    assert faults(api.get(f"{job['links']['result']}?columns=nonsense&symbol=X", Accept=form)) == {
        ("?columns", "unknown_column"),
        ("?symbol", "unknown_symbol"),
    }
    Blob.objects.update(data=b"damaged")
    problem(api.get(job["links"]["result"], Accept=form), 500, "internal_error")


def test_a_form_that_there_is_not_is_refused(api: Caller) -> None:
    job = finished(api)
    problem(api.get(job["links"]["result"], Accept="application/xml"), 406, "not_acceptable")


def test_without_pyarrow_parquet_is_refused_and_says_why(api: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    job = finished(api)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    found = problem(api.get(job["links"]["result"], Accept=PARQUET), 406, "parquet_not_installed")
    assert "requirements/parquet.txt" in found["detail"]
    answer = api.get(job["links"]["result"], Accept=f"{PARQUET}, {CSV};q=0.5")
    assert answer["Content-Type"].startswith(CSV)


def test_every_form_has_its_own_tag(api: Caller) -> None:
    job = finished(api)
    tags = {form: api.get(job["links"]["result"], Accept=form)["ETag"] for form in (*FORMS, "application/json")}
    assert len(set(tags.values())) == 4
    for form, tag in tags.items():
        assert api.get(job["links"]["result"], Accept=form, If_None_Match=tag).status_code == 304
        assert "Accept" in api.get(job["links"]["result"], Accept=form)["Vary"]
    assert api.get(job["links"]["result"], Accept=CSV, If_None_Match=tags[NDJSON]).status_code == 200
