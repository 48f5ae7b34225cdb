"""Events and their parts as CSV and Parquet: what JSON has, in rows that can be joined."""

import csv
import io
import re
from datetime import datetime
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.conf import settings

from api.event_tables import TABLES
from tests.api.conftest import Caller
from tests.api.test_jobs import JOBS, run
from tests.api.test_result_forms import CSV, PARQUET, as_json, content, in_chunks
from tests.api.test_results import finished

PARTS = ["points", "levels", "ratios", "history"]


def test_events_as_a_table(api: Caller, walks: list[str]) -> None:
    analyses = ["candlesticks", "double_top", "double_bottom"]
    job = api.post(JOBS, {"analyses": analyses, "symbols": walks, "output": "all"}).json()
    run(job["id"])
    path = f"{job['links']['result']}?table=events"
    events = [{"symbol": item["symbol"], **event} for item in as_json(api, job) for event in item["events"]]
    assert events
    rows = list(csv.DictReader(io.StringIO(content(api.get(path, Accept=CSV)).decode(), newline="")))
    assert list(rows[0]) == list(TABLES["events"].kinds)
    assert [(row["symbol"], row["id"], float(row["score"])) for row in rows] == [
        (event["symbol"], event["id"], event["score"]) for event in events
    ]
    table = pq.read_table(io.BytesIO(content(api.get(path, Accept=PARQUET)))).to_pylist()
    assert [(row["id"], row["bar"], row["stop"]) for row in table] == [
        (event["id"], event["bar"], event.get("stop")) for event in events
    ]
    assert [round(row["confirmed_at"].timestamp() * 1_000) for row in table] == [
        event["confirmed_at"] for event in events
    ]


def parts_of(event: dict[str, Any]) -> dict[str, list[tuple[Any, ...]]]:
    """What each table of parts has of an event that JSON shows."""
    zone = [("prz", end, price) for end, price in zip(("low", "high"), event["prz"] or (), strict=False)]
    targets = [("target", str(number), price) for number, price in enumerate(event["targets"], 1)]
    return {
        "points": [
            (point["label"], point["bar"], point["time"], point["price"], point["confirmed_at"])
            for point in event["points"]
        ],
        "levels": [*(("level", *level) for level in event["levels"].items()), *zone, *targets],
        "ratios": [(name, ratio, event["errors"].get(name)) for name, ratio in event["ratios"].items()],
        "history": [(entry["status"], entry["bar"], entry["at"], entry.get("target")) for entry in event["history"]],
    }


@pytest.mark.parametrize("table", PARTS)
def test_parts_of_events_are_tables_that_join_by_symbol_and_id(api: Caller, walks: list[str], table: str) -> None:
    job = in_chunks(api, walks, analyses=["harmonic", "chart_patterns", "divergence", "elliott", "doji"], output="all")
    path = f"{job['links']['result']}?table={table}"
    expected = [
        (item["symbol"], event["id"], *row)
        for item in as_json(api, job)
        for event in item["events"]
        if "points" in event
        for row in parts_of(event)[table]
    ]
    assert len({row[0] for row in expected}) > 1
    found = pq.read_table(io.BytesIO(content(api.get(path, Accept=PARQUET)))).to_pylist()
    assert list(found[0]) == list(TABLES[table].kinds)
    assert [
        tuple(round(value.timestamp() * 1_000) if isinstance(value, datetime) else value for value in row.values())
        for row in found
    ] == expected
    head, *rows = csv.reader(io.StringIO(content(api.get(path, Accept=CSV)).decode(), newline=""))
    assert head == list(TABLES[table].kinds)
    kinds = list(TABLES[table].kinds.values())
    assert [tuple(_read(text, kind) for text, kind in zip(row, kinds, strict=True)) for row in rows] == expected


def _read(text: str, kind: str) -> Any:
    if not text:
        return None
    if kind == "time":
        return round(datetime.fromisoformat(text).timestamp() * 1_000)
    return text if kind == "text" else float(text)


@pytest.mark.parametrize("table", PARTS)
def test_a_table_of_nothing_has_its_heading(api: Caller, table: str) -> None:
    job = finished(api, analyses=["rsi"])
    path = f"{job['links']['result']}?table={table}"
    assert content(api.get(path, Accept=CSV)).decode().strip().split(",") == list(TABLES[table].kinds)
    assert pq.read_table(io.BytesIO(content(api.get(path, Accept=PARQUET)))).num_rows == 0


def test_prices_of_an_event_are_its_levels_zone_and_targets() -> None:
    event = {"id": "e", "levels": {"xd": 9.5, "abcd": 9.25}, "prz": [9.0, 9.5], "targets": [11.0, 12.5]}
    assert list(TABLES["levels"].rows({"symbol": "X", "events": [event, {"id": "candlestick"}]})) == [
        ("X", "e", "level", "xd", 9.5),
        ("X", "e", "level", "abcd", 9.25),
        ("X", "e", "prz", "low", 9.0),
        ("X", "e", "prz", "high", 9.5),
        ("X", "e", "target", "1", 11.0),
        ("X", "e", "target", "2", 12.5),
    ]
    assert not list(TABLES["levels"].rows({"symbol": "FAILED", "code": "unknown_series", "detail": ""}))


def test_the_guide_names_the_columns_of_every_table() -> None:
    guide = (settings.BASE_DIR / "docs" / "api.md").read_text()
    for name, table in TABLES.items():
        (line,) = [line for line in guide.splitlines() if line.startswith(f"| `{name}` |")]
        columns = line.split("|")[3]
        assert re.findall(r"`(\w+)`", re.sub(r"\([^)]*\)", "", columns)) == list(table.columns)
