"""A benchmark in requests: aligned by closes, of the data that was there, and refused where it cannot be one."""

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from django.utils import timezone

from analysis import Bars
from analysis.resampling import closes
from jobs.models import Job
from jobs.services.clone import clone
from jobs.services.retry import retry
from market.services.delete import delete_series
from market.services.store import store_series
from market.services.universes import put_universe
from tests.analysis.exchanges import table, walk
from tests.api.conftest import Caller, faults
from tests.api.test_inline_sessions import answered, body
from tests.api.test_jobs import JOBS, run
from tests.bars import random_walk

DAY_NS = 86_400_000_000_000
TOKYO = table("2024-01-08", "2024-06-28", zone="Asia/Tokyo", opens="09:00", closes="15:00", holidays=("2024-02-12",))
NEW_YORK = table("2024-01-08", "2024-06-28", holidays=("2024-01-15", "2024-02-19"))
RULES = {"TOKYO": "09:00-15:00 Asia/Tokyo mon-fri", "YORK": "09:30-16:00 America/New_York mon-fri"}
BASE, OTHER = walk(TOKYO.date * DAY_NS, "1d", TOKYO, seed=1), walk(NEW_YORK.date * DAY_NS, "1d", NEW_YORK, seed=2)
ANALYSES = ["correlation", "beta(20)", "second = benchmark", "close > 1.2 * benchmark", "sma(benchmark, 5)"]


def asked(bars: Bars, rule: str, stop: int | None = None) -> dict[str, Any]:
    return body(bars[:stop], session=RULES[rule], symbol=rule)


def columns(api: Caller, base: dict[str, Any], second: Any, **more: Any) -> dict[str, np.ndarray]:  # type: ignore[type-arg]
    _, result = answered(api, base, ANALYSES, benchmark=second, **more)
    return {key: np.array(column, dtype=float) for key, column in result["columns"].items()}


def test_tokyo_knows_new_yorks_day_before_and_new_york_tokyos_same(api: Caller) -> None:
    tokyo = columns(api, asked(BASE, "TOKYO"), asked(OTHER, "YORK"))["second"]
    york = columns(api, asked(OTHER, "YORK"), asked(BASE, "TOKYO"))["second"]

    def at(bars: Bars, day: str) -> int:
        return int(np.flatnonzero(bars.time == np.datetime64(day, "ns").astype(np.int64))[0])

    assert tokyo[at(BASE, "2024-03-06")] == OTHER.close[at(OTHER, "2024-03-05")]
    assert tokyo[at(BASE, "2024-03-11")] == OTHER.close[at(OTHER, "2024-03-08")]  # Monday: Friday's
    assert york[at(OTHER, "2024-03-06")] == BASE.close[at(BASE, "2024-03-06")]
    assert np.isnan(tokyo[at(BASE, "2024-01-16")])  # after a holiday in New York there is nothing new
    assert np.isnan(york[at(OTHER, "2024-02-12")])  # no session in Tokyo


def test_it_is_the_same_under_cuts_by_clock_time(api: Caller) -> None:
    whole = columns(api, asked(BASE, "TOKYO"), asked(OTHER, "YORK"))
    assert np.isfinite(whole["correlation"]).sum() > 50
    mine, theirs = closes(BASE), closes(OTHER)
    for moment in ("2024-03-06T06:00", "2024-03-06T07:00", "2024-03-06T20:59", "2024-03-06T21:00", "2024-05-01T12:00"):
        now = np.datetime64(moment, "ns").astype(np.int64)
        first, second = int((mine <= now).sum()), int((theirs <= now).sum())
        part = columns(api, asked(BASE, "TOKYO", first), asked(OTHER, "YORK", second))
        for key, column in part.items():
            assert np.allclose(column, whole[key][:first], rtol=1e-9, equal_nan=True), (moment, key)


@pytest.fixture
def stored(db: None) -> dict[str, Bars]:
    """Stored series: a Tokyo and a New York one with their zones, and plain ones."""
    bars = {"TK": BASE, "NY": OTHER}
    zones = {"TK": "Asia/Tokyo", "NY": "America/New_York"}
    for symbol, one in bars.items():
        plain = Bars(**{k: v for k, v in one.columns().items() if k != "session"}, timeframe="1d")
        keep(symbol, plain, zones[symbol])
    for seed in range(3):
        keep(f"P{seed}", random_walk(300, seed=seed, symbol=f"P{seed}"))
    return bars


def keep(symbol: str, bars: Bars, zone: str = "UTC") -> None:
    store_series(
        owner=None,
        bars=bars,
        symbol=symbol,
        timeframe=str(bars.timeframe),
        source="test",
        adjustment="raw",
        timezone=zone,
        now=timezone.now(),
    )


def of_stored(api: Caller, **request: Any) -> tuple[dict[str, Any], Any]:
    response = api.post(JOBS, {"output": "all", "analyses": ["second = benchmark", "correlation"]} | request)
    assert response.status_code in (200, 201, 202), response.content
    job = response.json()
    if job["state"] != "succeeded":
        run(job["id"])
    return job, api.get(f"{job['links']['self']}/result").json()


def test_stored_daily_bars_end_with_the_day_of_their_zone(api: Caller, stored: dict[str, Bars]) -> None:
    _, tokyo = of_stored(api, symbols=["TK"], benchmark="NY")
    place = tokyo["time"].index(int(datetime(2024, 3, 6, tzinfo=UTC).timestamp() * 1_000))
    day_before = int(np.flatnonzero(OTHER.time == np.datetime64("2024-03-05", "ns").astype(np.int64))[0])
    assert tokyo["columns"]["second"][place] == OTHER.close[day_before]
    _, york = of_stored(api, symbols=["NY"], benchmark="TK")
    same_day = int(np.flatnonzero(BASE.time == np.datetime64("2024-03-06", "ns").astype(np.int64))[0])
    place = york["time"].index(int(datetime(2024, 3, 6, tzinfo=UTC).timestamp() * 1_000))
    assert york["columns"]["second"][place] == BASE.close[same_day]
    assert not {note["code"] for note in [*tokyo["quality"], *york["quality"]]} & {"benchmark_by_time"}


def test_series_without_zones_belong_together_by_time_and_a_note_says_so(api: Caller, stored: dict[str, Bars]) -> None:
    _, result = of_stored(api, symbols=["P0"], benchmark="p1")
    assert result["columns"]["second"] == random_walk(300, seed=1).close.tolist()
    assert {note["entry"] for note in result["quality"] if note["code"] == "benchmark_by_time"} == {
        "second",
        "correlation",
    }


def test_the_answer_is_of_the_benchmarks_data(api: Caller, stored: dict[str, Bars]) -> None:
    first, result = of_stored(api, symbols=["P0"], benchmark="P1")
    again, same = of_stored(api, symbols=["P0"], benchmark="P1")
    other, _ = of_stored(api, symbols=["P0"], benchmark="P2")
    none, _ = of_stored(api, symbols=["P0"])
    assert again["reused"]
    assert same["columns"] == result["columns"]
    assert len({one["fingerprint"] for one in (first, other, none)}) == 3
    keep("P1", random_walk(300, seed=9))
    changed, different = of_stored(api, symbols=["P0"], benchmark="P1")
    assert not changed["reused"]
    assert changed["fingerprint"] != first["fingerprint"]
    assert different["columns"]["second"] == random_walk(300, seed=9).close.tolist()
    assert first["request"]["benchmark"] == "P1"
    inline = body(random_walk(300, seed=2))
    one, _ = of_stored(api, symbols=["P0"], benchmark=inline)
    assert one["fingerprint"] not in {first["fingerprint"], other["fingerprint"]}
    two, _ = of_stored(api, symbols=["P0"], benchmark=inline)
    assert two["reused"]


def test_what_changes_on_the_way_is_computed_and_not_reused(api: Caller, stored: dict[str, Bars]) -> None:
    asked_for = {"output": "all", "analyses": ["second = benchmark"], "symbols": ["P0"], "benchmark": "P1"}
    job = api.post(JOBS, asked_for).json()
    keep("P1", random_walk(300, seed=9))
    run(job["id"])
    assert api.get(job["links"]["result"]).json()["columns"]["second"] == random_walk(300, seed=9).close.tolist()
    keep("P1", random_walk(300, seed=1))
    assert not api.post(JOBS, asked_for).json()["reused"]


def test_a_benchmark_that_is_gone_fails_each_symbol_by_its_reason(api: Caller, stored: dict[str, Bars]) -> None:
    job = api.post(JOBS, {"analyses": ["beta"], "symbols": ["P0", "P2"], "benchmark": "P1"}).json()
    delete_series(owner=None, symbol="P1", timeframe="1d")
    run(job["id"])
    failed = api.get(job["links"]["result"]).json()["failed"]
    assert [one["symbol"] for one in failed] == ["P0", "P2"]
    assert all("benchmark" in one["detail"] for one in failed)


def test_one_that_is_missing_for_part_of_a_universe_is_told_for_that_part(api: Caller, stored: dict[str, Bars]) -> None:
    late = random_walk(300, seed=5)
    keep("LATE", Bars(**{**late.columns(), "time": late.time + 3_000 * DAY_NS}, timeframe="1d"))
    put_universe(owner=None, name="mixed", symbols=["P0", "LATE", "P2"], now=timezone.now())
    _, result = of_stored(api, universe="mixed", benchmark="P1")
    by_symbol = {item["symbol"]: item for item in result["items"]}
    assert result["failed"] == []
    codes = {s: {note["code"] for note in item["quality"]} for s, item in by_symbol.items()}
    assert {symbol for symbol, some in codes.items() if "no_benchmark" in some} == {"LATE"}
    assert set(by_symbol["LATE"]["columns"]["second"]) == {None}
    assert None not in by_symbol["P0"]["columns"]["second"]


def test_without_one_what_needs_it_says_so(api: Caller) -> None:
    _, result = answered(api, body(random_walk(80)), ["correlation", "close / benchmark"])
    assert {note["entry"] for note in result["quality"] if note["code"] == "no_benchmark"} == {
        "correlation",
        "close / benchmark",
    }


def hourly() -> Bars:
    return random_walk(100, seed=3, timeframe="1h")


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ("NOPE", {("/benchmark", "unknown_symbol")}),
        ("no such?", {("/benchmark", "invalid_symbol")}),
        ("X" * 41, {("/benchmark", "too_long")}),
        ("", {("/benchmark", "invalid_symbol")}),
        (5, {("/benchmark", "wrong_type")}),
        (["SPY"], None),
        ({"time": []}, None),
        (True, {("/benchmark", "wrong_type")}),
    ],
)
def test_what_is_none_is_refused(api: Caller, stored: Any, second: Any, expected: set[tuple[str, str]] | None) -> None:
    response = api.post(JOBS, {"analyses": ["beta"], "symbols": ["P0"], "benchmark": second})
    found = faults(response)
    assert {pointer.split("/")[1] for pointer, _ in found} == {"benchmark"}
    if expected is not None and {code for _, code in expected} <= {"unknown_symbol"}:
        assert found == expected


def test_another_timeframe_is_refused(api: Caller, stored: Any) -> None:
    differs = {("/benchmark/timeframe", "timeframe_differs")}
    one = {"analyses": ["beta"], "benchmark": body(hourly())}
    assert faults(api.post(JOBS, {**one, "symbols": ["P0"]})) == differs
    assert faults(api.post(JOBS, {**one, "bars": body(random_walk(80))})) == differs
    keep("HOURS", hourly())
    response = api.post(JOBS, {"analyses": ["beta"], "symbols": ["P0"], "benchmark": "HOURS"})
    assert faults(response) == {("/benchmark", "unknown_symbol")}
    assert "There are 1h" in str(response.json())


def test_too_many_bars_and_bars_that_are_none_are_refused(api: Caller, settings: Any) -> None:
    settings.SERIES_MAX_BARS = 100
    response = api.post(
        JOBS, {"analyses": ["beta"], "bars": body(random_walk(80)), "benchmark": body(random_walk(101))}
    )
    assert {pointer.split("/")[1] for pointer, _ in faults(response)} == {"benchmark"}
    broken = body(random_walk(80)) | {"close": [1.0] * 79}
    response = api.post(JOBS, {"analyses": ["beta"], "bars": body(random_walk(80)), "benchmark": broken})
    assert {pointer.split("/")[1] for pointer, _ in faults(response)} == {"benchmark"}


@pytest.mark.parametrize("verb", [clone, retry])
@pytest.mark.parametrize("inline", [True, False])
def test_a_new_job_of_an_old_one_has_its_benchmark(
    api: Caller, owner: Any, stored: Any, verb: Any, inline: bool
) -> None:
    second: Any = body(random_walk(300, seed=2)) if inline else "P2"
    job = api.post(JOBS, {"analyses": ["beta"], "symbols": ["P0", "P1"], "benchmark": second}).json()
    api.post(f"{job['links']['self']}/cancel")
    old = Job.objects.get(pk=job["id"])
    new = verb(job=old, owner=old.owner, now=timezone.now())
    assert new.fingerprint == old.fingerprint
    run(str(new.pk))
    answer = api.get(f"{JOBS}/{new.pk}/result").json()
    assert {item["columns"]["beta"][0] is not None for item in answer["items"]} == {True}


def test_a_clone_of_inline_bars_has_both(api: Caller) -> None:
    job, first = answered(api, asked(BASE, "TOKYO"), ["second = benchmark"], benchmark=asked(OTHER, "YORK"))
    old = Job.objects.get(pk=job["id"])
    new = clone(job=old, owner=old.owner, now=timezone.now())
    run(str(new.pk))
    assert api.get(f"{JOBS}/{new.pk}/result").json()["columns"] == first["columns"]


def test_a_weekly_benchmark_is_known_when_its_week_is(api: Caller) -> None:
    _, result = answered(api, asked(BASE, "TOKYO"), ["week = benchmark@1w"], benchmark=asked(OTHER, "YORK"))
    known = [value for value in result["columns"]["week"] if value is not None]
    fridays = {float(close) for close, day in zip(OTHER.close, NEW_YORK.date, strict=True) if (day + 3) % 7 == 4}
    assert len(set(known)) > 15
    assert set(known) <= fridays | {float(close) for close in OTHER.close}
