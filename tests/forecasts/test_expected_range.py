"""`expected_range` among a job's analyses: how far price goes in the next bars, with or without a pattern."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.contrib.auth.models import AbstractUser
from django.utils import timezone

from analysis import Bars
from forecasts.models import KeptPrediction
from jobs import selectors
from jobs.errors import InvalidRequest
from jobs.requests import JobRequest
from jobs.services.submit import submit
from market.services.store import store_series
from ml.artifact import CARD, TREES
from ml.features import BARS_NEEDED
from ml.ranges import HORIZONS, QUANTILES
from tests.analysis.shipped import demo
from tests.forecasts.conftest import Run

pytestmark = pytest.mark.django_db
SIDES = ("high_10", "high_50", "high_90", "low_10", "low_50", "low_90")
DAY_NS = 86_400_000_000_000


def ranges(answer: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = answer["forecast"]["expected_ranges"]
    return found


def known(answer: dict[str, Any], key: str) -> np.ndarray:
    return np.array(answer["columns"][key], np.float64)


def usable_from_ns(models: Path) -> int:
    return int(np.datetime64(json.loads((models / CARD).read_text())["usable_from"], "D").astype(np.int64)) * DAY_NS


def test_any_symbol_has_a_range_with_its_measured_coverage_and_no_pattern_is_looked_for(run: Run) -> None:
    job, answer = run("expected_range(60)", "expected_range")
    assert (job.queue, job.state) == ("ml", "succeeded")
    assert selectors.describe(job)["analyses"] == ["expected_range(horizon=60)", "expected_range"]
    assert answer["events"] == []
    assert (answer["forecast"]["model"], answer["forecast"]["model_status"]) == ("pattern_outcome/2.0.0", "ready")
    assert [one["bars"] for one in ranges(answer)] == [60, 20]
    for one, key in zip(ranges(answer), ("expected_range(horizon=60)", "expected_range"), strict=True):
        assert one["quantiles"] == list(QUANTILES)
        assert one["coverage"]["high"] == pytest.approx(QUANTILES, abs=0.05)
        assert one["coverage"]["low"] == pytest.approx(QUANTILES, abs=0.05)
        assert (one["in_sample"], one["reason"]) == (False, None)
        last = [float(known(answer, f"{key}.{side}")[-1]) for side in SIDES]
        assert last == pytest.approx([*one["high"], *one["low"]], rel=1e-5)
        assert one["random_walk"]["high"] == sorted(one["random_walk"]["high"])
    assert ranges(answer)[1]["high"] == answer["forecast"]["expected_range"]["high"]


def test_what_price_does_then_is_within_it_about_as_often_as_was_measured(run: Run, index: Bars, models: Path) -> None:
    """Of bars after the model's training; they are of one year of one series, so the goal is a wide one."""
    _, answer = run("expected_range(5)")
    closes = np.arange(np.searchsorted(index.time, usable_from_ns(models)), len(index) - 5)
    assert len(closes) > 100
    high = np.array([index.high[at + 1 : at + 6].max() for at in closes])
    low = np.array([index.low[at + 1 : at + 6].min() for at in closes])
    for side, price in (("high", high), ("low", low)):
        told = [known(answer, f"expected_range(horizon=5).{side}_{share}")[closes] for share in (10, 50, 90)]
        assert [(price <= one).mean() for one in told] == pytest.approx(QUANTILES, abs=0.15)


def test_it_is_unknown_where_the_model_has_seen_what_came_and_the_answer_says_so(
    run: Run, index: Bars, models: Path
) -> None:
    _, answer = run("expected_range", "high > expected_range(5).high_50[5]")
    seen = index.time < usable_from_ns(models)
    assert 0 < seen.sum() < len(seen)
    for side in SIDES:
        np.testing.assert_array_equal(np.isnan(known(answer, f"expected_range.{side}")), seen)
    signal = known(answer, "high > expected_range(horizon=5).high_50[5]")
    assert np.isnan(signal[: seen.sum() + 5]).all()
    assert 0.1 < signal[seen.sum() + 5 :].mean() < 0.6
    (note,) = [note for note in answer["quality"] if note["code"] == "in_sample"]
    assert f"{seen.sum()} of {len(seen)} bars" in note["detail"]
    _, earlier = run("expected_range", bars=index.slice(0, int(seen.sum())))
    assert ranges(earlier)[0]["in_sample"]


def test_what_is_said_of_a_bar_hangs_neither_on_later_bars_nor_on_how_many_are_asked_for(run: Run, index: Bars) -> None:
    _, whole = run("expected_range(10)")
    _, few = run("expected_range(10)", last=7)
    _, before = run("expected_range(10)", bars=index.slice(0, len(index) - 100))
    for side in SIDES:
        key = f"expected_range(horizon=10).{side}"
        np.testing.assert_array_equal(known(few, key), known(whole, key)[-7:])
        np.testing.assert_array_equal(known(before, key), known(whole, key)[:-100])


def test_a_bar_that_is_still_open_has_none(run: Run, index: Bars) -> None:
    """The last bar is of today: it is over tomorrow."""
    shift = int(timezone.now().timestamp()) * 10**9 // DAY_NS * DAY_NS - int(index.time[-1])
    columns = {name: getattr(index, name) for name in ("open", "high", "low", "close", "volume")}
    now = Bars(time=index.time + shift // DAY_NS * DAY_NS, **columns, timeframe="1d")
    _, answer = run("expected_range", bars=now)
    assert answer["provisional"]
    assert np.isnan(known(answer, "expected_range.high_90")[-1])
    before = known(answer, "expected_range.high_90")[-2]
    assert ranges(answer)[0]["high"][-1] == pytest.approx(float(before), rel=1e-5)


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda folder: (folder / TREES).unlink(), "missing"),
        (lambda folder: (folder / TREES).write_bytes(b"other"), "checksum"),
        (lambda folder: (folder / CARD).write_text("{"), "card"),
    ],
)
def test_without_a_sound_model_the_walks_range_is_answered_and_conditions_know_nothing(
    run: Run, models: Path, damage: Callable[[Path], Any], reason: str
) -> None:
    _, ready = run("expected_range", "close > expected_range(5).high_90")
    damage(models)
    job, answer = run("expected_range", "close > expected_range(5).high_90", reuse=False)
    assert job.state == "succeeded"
    assert (answer["forecast"]["model_status"], answer["forecast"]["reason"]) == ("degraded", reason)
    (one,) = ranges(answer)
    assert (one["reason"], one["coverage"], one["in_sample"]) == (reason, None, False)
    assert one["random_walk"] == ranges(ready)[0]["random_walk"] == {"high": one["high"], "low": one["low"]}
    assert all(np.isnan(column).all() for column in answer["columns"].values())
    (note,) = [note for note in answer["quality"] if note["code"] == "model_degraded"]
    assert note["detail"] == f"No model speaks here ({reason}): expected_range is unknown."
    run("expected_range(40)")
    assert not run("expected_range(40)")[0].reused, "a walk's answer is not kept for who asks again"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ([], None),
        (["up"], [[0.1, 0.5, None]] * 5),
        (["coverage"], {"up": [[0.1, 0.5, 0.9]] * 5}),
    ],
)
def test_a_card_with_other_ranges_leaves_the_walks(run: Run, models: Path, path: list[Any], value: Any) -> None:
    card = json.loads((models / CARD).read_text())
    inner, (*way, last) = card, ["ranges", *path]
    for name in way:
        inner = inner[name]
    inner[last] = value
    (models / CARD).write_text(json.dumps(card))
    job, answer = run("expected_range", "double_bottom", "pattern_outcome", "close > expected_range(5).high_90")
    assert job.state == "succeeded"
    assert (answer["forecast"]["model_status"], answer["forecast"]["reason"]) == ("degraded", "card")
    assert ranges(answer)[0]["random_walk"] == {side: ranges(answer)[0][side] for side in ("high", "low")}
    assert all("prediction" in event for event in answer["events"])


def test_of_a_timeframe_that_was_not_measured_the_walk_is_told(run: Run, index: Bars) -> None:
    columns = {name: getattr(index, name) for name in ("open", "high", "low", "close", "volume")}
    hourly = Bars(time=index.time[0] + np.arange(len(index)) * 3_600_000_000_000, **columns, timeframe="1h")
    _, answer = run("expected_range", bars=hourly)
    assert ranges(answer)[0]["reason"] == "timeframe_not_measured"
    assert np.isnan(known(answer, "expected_range.low_10")).all()


@pytest.mark.parametrize("count", [1, 5, 20])
def test_too_few_bars_have_no_range_and_the_reason(run: Run, index: Bars, count: int) -> None:
    _, answer = run("expected_range", bars=index.slice(len(index) - count, None))
    (one,) = ranges(answer)
    assert (one["high"], one["low"], one["random_walk"]) == (None, None, None)
    assert one["reason"] == "unknown_volatility"
    assert count < BARS_NEEDED
    (note,) = [note for note in answer["quality"] if note["code"] == "unknown_volatility"]
    assert (note["count"], note["detail"].split(":")[0]) == (
        count,
        f"{count} of {count} bars stand where volatility is unknown",
    )
    assert np.isnan(known(answer, "expected_range.low_10")).all()


def test_patterns_beside_it_get_no_prediction_unless_that_is_asked_too(run: Run) -> None:
    _, beside = run("double_bottom", "expected_range(40)")
    assert beside["events"]
    assert not [event for event in beside["events"] if "prediction" in event]
    assert [one["bars"] for one in ranges(beside)] == [40]
    _, both = run("double_bottom", "expected_range(40)", "pattern_outcome")
    assert all("prediction" in event for event in both["events"])
    assert ranges(both) == ranges(beside)
    _, without = run("double_bottom", "pattern_outcome")
    assert "expected_ranges" not in without["forecast"]


def test_a_condition_on_both_asks_the_model_of_events_and_of_bars(run: Run) -> None:
    text = "pattern_outcome.p_target > 0.1 and expected_range.high_90 > close"
    _, answer = run(text, "divergence", "p = pattern_outcome.p_target", "top = expected_range.high_90")
    assert "forecast" not in answer
    p, top, signal = (known(answer, key) for key in ("p", "top", text))
    assert np.isfinite(top).sum() > np.isfinite(p).sum() > 0
    assert set(signal[np.isfinite(p)].tolist()) <= {0.0, 1.0}
    notes = [note["detail"] for note in answer["quality"] if note["code"] == "in_sample"]
    assert [detail.split(" are of")[0].split()[-1] for detail in notes] == ["events", "bars"]


def test_every_horizon_may_be_asked_and_the_answer_of_one_is_not_that_of_another(run: Run, models: Path) -> None:
    assert json.loads((models / CARD).read_text())["ranges"]["horizons"] == list(HORIZONS)
    fingerprints = {run(f"expected_range({horizon})")[0].fingerprint for horizon in HORIZONS}
    assert len(fingerprints) == len(HORIZONS)
    assert run("r = expected_range(5)", output="last")[1]["columns"].keys() == {f"r.{side}" for side in SIDES}
    again, _ = run("expected_range(5)")
    assert again.reused
    (models / CARD).rename(models / "card")
    assert run("expected_range(5)")[0].fingerprint not in fingerprints


def test_prices_that_are_not_above_zero_are_refused(owner: AbstractUser, index: Bars) -> None:
    low = index.low.copy()
    low[5] = -1.0
    below = Bars(time=index.time, open=index.open, high=index.high, low=low, close=index.close, timeframe="1d")
    with pytest.raises(InvalidRequest) as refused:
        submit(owner=owner, request=JobRequest(analyses=["expected_range"], bars=below), now=timezone.now())
    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [("/analyses", "prices_not_positive")]


def test_of_a_stored_series_nothing_is_kept_in_the_ledger(run: Run, owner: AbstractUser) -> None:
    store_series(
        owner=owner,
        bars=demo("SPX", 600),
        symbol="SPX",
        timeframe="1d",
        source="test",
        adjustment="raw",
        now=timezone.now(),
    )
    _, answer = run("expected_range", "double_top", bars=None, symbols=["SPX"], output="last")
    assert ranges(answer)[0]["bars"] == 20
    assert not KeptPrediction.objects.exists()
