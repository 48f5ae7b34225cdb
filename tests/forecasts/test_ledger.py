"""Predictions that are kept before anybody could know, and scored when their time is over."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.test import Client
from django.utils import timezone

from analysis import Bars
from analysis.outcomes import Outcome, measured, stated
from forecasts.ledger import next_close
from forecasts.models import KeptPrediction, ModelReport, Result
from forecasts.selectors import served_figures
from forecasts.services.drift import measure_drift
from forecasts.services.keeping import purge
from forecasts.services.scoring import score
from ml.artifact import TREES
from ml.examples import events_of
from ml.family import PATTERNS
from tests.forecasts.conftest import Ask
from tests.forecasts.ledger_rows import DAY, at, evening, kept, stored, upto

pytestmark = pytest.mark.django_db


def test_what_was_said_before_the_next_bar_is_kept_and_scored_when_its_life_is_over(
    ask: Ask, whole: Bars, place: int
) -> None:
    series = stored(upto(whole, place + 1))
    ask(evening(whole, place))
    rows = list(KeptPrediction.objects.all())
    assert rows
    for row in rows:
        assert (row.series_id, row.symbol, row.timeframe, row.result) == (series.pk, "SPX", "1d", Result.PENDING)
        assert row.bar_ns == whole.time[place]
        assert 0 < row.p_target < 1
        assert row.served_at == evening(whole, place)
    assert score(now=evening(whole, place)) == 0
    stored(upto(whole, place + 1 + min(row.life for row in rows)))
    assert score(now=evening(whole, len(whole) - 1)) == 0, "its last bar is to come"
    stored(whole)
    assert score(now=evening(whole, len(whole) - 1)) == len(rows)
    events = {event.id: event for event in events_of(whole, PATTERNS.plans())}
    mine = [events[row.event] for row in rows]
    found = measured(stated(mine, whole), whole)
    for row, end, r in zip(KeptPrediction.objects.order_by("pk"), found.ends.tolist(), found.r.tolist(), strict=True):
        told = {Outcome.TARGET: "target", Outcome.STOP: "stop", Outcome.TIMEOUT: "timeout"}.get(Outcome(end), "passed")
        assert row.result == told
        assert row.r is None or row.r == pytest.approx(r)
    assert score(now=evening(whole, len(whole) - 1)) == 0, "twice is once"
    report = ModelReport.objects.get(kind="score")
    assert (report.figures["kept"], report.figures["pending"]) == (len(rows), 0)
    assert report.figures["interval"] is None, "a few events have none"


def test_prices_that_were_adjusted_since_are_scored_as_they_were_meant(ask: Ask, whole: Bars, place: int) -> None:
    stored(upto(whole, place + 1))
    ask(evening(whole, place))
    stored(whole)
    score(now=evening(whole, len(whole) - 1))
    before = list(KeptPrediction.objects.order_by("pk").values_list("result", "r"))
    KeptPrediction.objects.update(result=Result.PENDING, r=None)
    columns = {name: getattr(whole, name) / 4 for name in ("open", "high", "low", "close")}
    stored(Bars(time=whole.time, **columns, timeframe="1d", symbol="SPX"))
    score(now=evening(whole, len(whole) - 1))
    after = list(KeptPrediction.objects.order_by("pk").values_list("result", "r"))
    assert [one for one, _ in after] == [one for one, _ in before]
    assert [r for _, r in after] == [None if r is None else pytest.approx(r) for _, r in before]


def test_what_comes_too_late_is_answered_and_not_kept(ask: Ask, whole: Bars, place: int) -> None:
    stored(upto(whole, place + 1))
    late = at(next_close(whole, place)) + timedelta(seconds=1)
    job = ask(late)
    assert job.pk
    assert not KeptPrediction.objects.exists()


def test_a_range_that_ends_in_the_past_is_not_kept(ask: Ask, whole: Bars, place: int) -> None:
    stored(whole)
    ask(evening(whole, place), end=at(int(whole.time[place])) + DAY)
    assert not KeptPrediction.objects.exists()


def test_bars_of_the_request_are_not_kept(ask: Ask, whole: Bars, place: int) -> None:
    ask(evening(whole, place), symbols=None, bars=upto(whole, place + 1))
    assert not KeptPrediction.objects.exists()


def test_what_is_in_sample_is_not_kept(ask: Ask, whole: Bars) -> None:
    before = int(np.searchsorted(whole.time, np.datetime64("2017-06-01", "ns").astype(np.int64)))
    events = [event.bar for event in events_of(whole, PATTERNS.plans()) if event.bar < before]
    stored(upto(whole, events[-1] + 1))
    ask(evening(whole, events[-1]))
    assert not KeptPrediction.objects.exists()


def test_what_chance_said_for_want_of_a_model_is_not_kept(ask: Ask, whole: Bars, place: int, models: Path) -> None:
    (models / TREES).write_bytes(b"")
    stored(upto(whole, place + 1))
    ask(evening(whole, place))
    assert not KeptPrediction.objects.exists()


def test_asked_again_it_is_kept_once(ask: Ask, whole: Bars, place: int) -> None:
    stored(upto(whole, place + 1))
    ask(evening(whole, place))
    count = KeptPrediction.objects.count()
    ask(evening(whole, place) + timedelta(hours=1), reuse=False)
    assert KeptPrediction.objects.count() == count
    assert set(KeptPrediction.objects.values_list("served_at", flat=True)) == {evening(whole, place)}


def test_one_event_of_two_symbols_is_two(ask: Ask, whole: Bars, place: int) -> None:
    for symbol in ("SPX", "COPY"):
        stored(upto(whole, place + 1), symbol)
    ask(evening(whole, place), symbols=["SPX", "COPY"])
    events = list(KeptPrediction.objects.values_list("event", flat=True))
    assert len(events) == 2 * len(set(events)) > 0


def test_of_a_series_that_is_gone_the_prediction_says_so(ask: Ask, whole: Bars, place: int) -> None:
    series = stored(upto(whole, place + 1))
    ask(evening(whole, place))
    series.delete()
    assert score(now=timezone.now()) > 0
    assert set(KeptPrediction.objects.values_list("result", flat=True)) == {"gone"}


def test_the_next_bar_of_a_friday_is_mondays_and_of_a_coin_saturdays() -> None:
    friday = np.datetime64("2024-03-08", "ns").astype(np.int64)
    days = friday - np.arange(30)[::-1] * 86_400_000_000_000
    flat = {name: np.full(30, 10.0) for name in ("open", "high", "low", "close")}
    coin = Bars(time=days, **flat, timeframe="1d")
    weekdays = (days // 86_400_000_000_000 + 3) % 7 < 5
    share = Bars(time=days[weekdays], **{k: v[weekdays] for k, v in flat.items()}, timeframe="1d")
    assert at(next_close(coin, 29)) == datetime(2024, 3, 10, tzinfo=UTC)
    assert at(next_close(share, len(share) - 1)) == datetime(2024, 3, 12, tzinfo=UTC)
    hourly = Bars(time=days[-1] + np.arange(30) * 3_600_000_000_000, **flat, timeframe="1h")
    assert at(next_close(hourly, 29)) == at(int(hourly.time[29])) + timedelta(hours=2)


@pytest.mark.parametrize(("p_target", "is_better"), [(0.4, True), (0.05, False)])
def test_a_scorecard_has_counts_a_gain_over_chance_and_its_interval(p_target: float, is_better: bool) -> None:
    kept(400, 8, p_target)
    score(now=timezone.now())
    told = ModelReport.objects.get().figures
    assert (told["kept"], told["scored"], told["target"], told["quarters"]) == (400, 400, 160, 8)
    low, high = told["interval"]
    assert (low > 0) if is_better else (high < 0)
    assert low <= told["gain"] <= high
    assert told["shares"]["target"] == {"forecast": p_target, "observed": 0.4}


@pytest.mark.parametrize(("count", "quarters"), [(199, 8), (400, 3)])
def test_few_events_or_few_quarters_have_no_interval(count: int, quarters: int) -> None:
    kept(count, quarters, 0.4)
    score(now=timezone.now())
    told = ModelReport.objects.get().figures
    assert told["gain"] is not None
    assert told["interval"] is None


def test_what_is_older_than_it_is_kept_is_deleted(settings: Any) -> None:
    kept(100, 4, 0.4)
    settings.PREDICTION_DAYS = 0
    assert purge(now=timezone.now()) == 0
    settings.PREDICTION_DAYS = 100
    assert purge(now=datetime(2020, 4, 30, tzinfo=UTC)) == 25
    assert KeptPrediction.objects.count() == 75


def test_staff_see_what_was_kept_and_change_nothing(admin_client: Client) -> None:
    kept(3, 1, 0.4)
    row = KeptPrediction.objects.first()
    assert row is not None
    assert "double_top" in admin_client.get("/admin/forecasts/keptprediction/").content.decode()
    assert admin_client.post(f"/admin/forecasts/keptprediction/{row.pk}/delete/").status_code == 403


def test_drift_is_measured_on_the_last_year_of_shared_series(models: Path, whole: Bars) -> None:
    report = measure_drift(now=timezone.now())
    assert report is not None
    assert (report.figures["events"], report.figures["verdict"]) == (0, "too_few")
    for number in range(24):
        stored(whole.slice(80 * number, 80 * number + 1_000), f"S{number}")
    report = measure_drift(now=timezone.now())
    assert report is not None
    assert report.figures["events"] >= 200
    assert report.figures["verdict"] == "alarm", "an index is calmer than the shares that it was trained on"
    assert "volatility" in dict(report.figures["worst"])
    told = served_figures(timezone.now())
    assert told.ready
    assert told.drift == max(value for _, value in report.figures["worst"])


def test_drift_of_a_model_that_cannot_be_asked_is_not_measured(models: Path) -> None:
    (models / TREES).unlink()
    assert measure_drift(now=timezone.now()) is None
