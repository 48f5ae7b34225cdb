"""Inline bars that say what they are: through submit, compute, reuse, clone and the answer."""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from analysis import Plan
from analysis import run as run_plan
from analysis.session_rule import SessionRule
from jobs.models import Job
from tests.analysis.exchanges import bars_of, daily, known_by, table
from tests.api.conftest import Caller, faults
from tests.api.test_jobs import JOBS, run

NAMES = ("open", "high", "low", "close", "volume")
SYDNEY = table("2024-01-08", "2024-03-28", zone="Australia/Sydney", opens="10:00", closes="16:00")
HALF_HOURS = bars_of(SYDNEY, "30m", 30)
ANALYSES = ["vwap", "previous_period(period=week)", "close@1d"]
KEY = "previous_period(period=week).close"


def body(bars: Any, **said: Any) -> dict[str, Any]:
    """Return bars as the columns of a request."""
    columns = {name: getattr(bars, name).tolist() for name in NAMES}
    times = [int(ns) // 1_000_000 for ns in bars.time]
    return {"symbol": "X", "timeframe": bars.timeframe, "time": times, **columns, **said}


def answered(api: Caller, bars: dict[str, Any], analyses: list[str], **more: Any) -> tuple[dict[str, Any], Any]:
    """Return the job and its result, computed unless it was answered from the store."""
    response = api.post(JOBS, {"analyses": analyses, "bars": bars, "output": "all"} | more)
    assert response.status_code in (200, 201, 202), response.content
    job = response.json()
    if job["state"] != "succeeded":
        run(job["id"])
    return job, api.get(f"{job['links']['self']}/result").json()


def test_a_zone_makes_the_weeks_and_days_of_the_answer(api: Caller) -> None:
    _, plain = answered(api, body(HALF_HOURS), ANALYSES)
    _, said = answered(api, body(HALF_HOURS, timezone="Australia/Sydney"), ANALYSES)
    sessions = SessionRule.of_zone("Australia/Sydney").table(HALF_HOURS.time)
    want = run_plan(Plan.parse(ANALYSES), known_by(HALF_HOURS, sessions))
    for key, column in want.columns.items():
        assert np.array_equal(np.array(said["columns"][key], dtype=float), column, equal_nan=True), key
    assert said["columns"][KEY] != plain["columns"][KEY]
    assert said["bars"]["sessions"] == sessions.fingerprint
    assert "sessions" not in plain["bars"]
    assumed = [note["entry"] for note in plain["quality"] if note["code"] == "sessions_assumed"]
    assert assumed == ["vwap", "previous_period(period=week)", "close@1d"]
    assert "sessions_assumed" not in {note["code"] for note in said["quality"]}


@pytest.mark.parametrize(
    "said",
    [
        {"timezone": "Australia/Sydney"},
        {"session": "10:00-16:00 Australia/Sydney mon-fri"},
        {"sessions": {
            "date": [str(np.datetime64(int(day), "D")) for day in SYDNEY.date],
            "open": (SYDNEY.open // 1_000_000).tolist(),
            "close": (SYDNEY.close // 1_000_000).tolist(),
        }},
        {"closed": True},
    ],
)  # fmt: skip
def test_what_bars_say_is_part_of_the_answers_identity_and_is_repeated(api: Caller, said: dict[str, Any]) -> None:
    short = known_by(HALF_HOURS, SYDNEY)[:-13]
    first, _ = answered(api, body(short), ["sma"])
    second, result = answered(api, body(short, **said), ["sma"])
    again = api.post(JOBS, {"analyses": ["sma"], "bars": body(short, **said), "output": "all"}).json()
    one, two, three = (Job.objects.get(pk=job["id"]) for job in (first, second, again))
    assert one.fingerprint != two.fingerprint == three.fingerprint
    assert again["state"] == "succeeded"
    clone = api.post(f"{second['links']['self']}/clone").json()
    run(clone["id"])
    assert api.get(f"{clone['links']['self']}/result").json()["bars"] == result["bars"]


def test_a_bar_that_is_said_to_be_closed_has_its_signal(api: Caller, clock_of_today: Any) -> None:
    bars = clock_of_today
    _, open_yet = answered(api, body(bars), ["up = close > open"])
    _, closed = answered(api, body(bars, closed=True), ["up = close > open"])
    assert open_yet["provisional"]
    assert {"provisional_last_bar", "close_assumed"} <= {note["code"] for note in open_yet["quality"]}
    assert not closed["provisional"]
    assert closed["signals"]["up"]["at"] == int(bars.time[-1]) // 1_000_000
    assert open_yet["signals"]["up"]["at"] == int(bars.time[-2]) // 1_000_000


@pytest.fixture
def clock_of_today() -> Any:
    """Return daily bars up to today's."""
    today = datetime.now(UTC).date()
    every = table(str(today - timedelta(90)), str(today + timedelta(3)))
    bars = daily(every)
    shift = int(np.datetime64(str(today), "D").astype(int)) - int(bars.time[-1] // 86_400_000_000_000)
    moved = {name: getattr(bars, name) for name in (*NAMES, "timeframe")}
    return type(bars)(time=bars.time + shift * 86_400_000_000_000, **moved)


def test_faults_are_at_their_place(api: Caller) -> None:
    bars = body(HALF_HOURS, session="10:00 Mars/Base")
    assert faults(api.post(JOBS, {"analyses": ["nothing_like_it"], "bars": bars})) == {
        ("/bars/session", "unknown_timezone"),
        ("/analyses/0", "unknown_name"),
    }


def test_an_upload_says_its_zone_beside_the_bars(api: Caller) -> None:
    given = {"symbol": "X", "timeframe": "30m", "bars": body(HALF_HOURS, timezone="Australia/Sydney")}
    assert ("/bars/timezone", "unknown_field") in faults(api.post("/api/v1/series", given))


def test_a_stored_series_in_a_zone_has_its_weeks(api: Caller) -> None:
    series = {"symbol": "X", "timeframe": "30m", "bars": body(HALF_HOURS), "timezone": "Australia/Sydney"}
    stored = api.post("/api/v1/series", series)
    assert stored.status_code == 201, stored.content
    job = api.post(JOBS, {"analyses": ANALYSES, "symbols": ["X"], "timeframe": "30m", "output": "all"}).json()
    run(job["id"])
    stored_result = api.get(f"{job['links']['self']}/result").json()
    _, inline = answered(api, body(HALF_HOURS, timezone="Australia/Sydney"), ANALYSES)
    assert stored_result["columns"] == inline["columns"]
    assert stored_result["bars"]["sessions"] == inline["bars"]["sessions"]
