"""`candlestick_outcome` beside `pattern_outcome`: a model of its own, of its own events, that fails alone."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.contrib.auth.models import AbstractUser
from django.utils import timezone

from analysis import Bars
from analysis.outcomes import Outcome, measured, symmetric
from forecasts import loading
from forecasts.columns import WITHOUT_ODDS
from forecasts.models import KeptPrediction, ModelVersion, Result, Status
from forecasts.selectors import known_models, served_figures
from forecasts.served import CANDLESTICK_OUTCOME, PATTERN_OUTCOME, is_served, names_served, served, sources
from forecasts.services.drift import measure_drift
from forecasts.services.registry import register_all
from forecasts.services.scoring import score
from jobs import selectors
from jobs.errors import InvalidRequest
from jobs.requests import JobRequest
from jobs.services.submit import submit
from ml.artifact import CARD, TREES
from ml.examples import events_of
from ml.family import CANDLESTICKS
from ml.features import BARS_NEEDED
from tests.forecasts.conftest import Ask, Run
from tests.forecasts.ledger_rows import evening, stored, upto

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("of_candlesticks")]
MODEL = f"{CANDLESTICKS.name}/{CANDLESTICKS.version}"


def told(answer: dict[str, Any]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    return [(event, event["prediction"]) for event in answer["events"] if "prediction" in event]


def column(answer: dict[str, Any], key: str) -> list[float | None]:
    return [None if np.isnan(value) else float(value) for value in answer["columns"][key]]


def test_each_is_told_beside_chance_and_a_neutral_one_has_a_reason(run: Run) -> None:
    job, answer = run(CANDLESTICK_OUTCOME, last=300)
    assert job.queue == "ml"
    assert selectors.describe(job)["analyses"][-1] == CANDLESTICK_OUTCOME
    assert len(told(answer)) == len(answer["events"]) > 300
    for event, said in told(answer):
        assert (said["model"], said["model_status"], said["expected_range"]) == (MODEL, "ready", None)
        if event["side"] == "neutral":
            assert (said["p_target"], said["random_walk"], said["reason"]) == (None, None, "no_side")
        else:
            assert said["p_target"] + said["p_stop"] + said["p_timeout"] == pytest.approx(1, abs=1e-5)
            assert said["random_walk"]["p_target"] == pytest.approx(said["random_walk"]["p_stop"], abs=1e-5)
            assert said["median_days"] > 0
    speaker = answer["forecast"]["candlesticks"]
    assert (speaker["model"], speaker["barriers"]) == (MODEL, {"atr": 2.0, "bars": 20})
    assert answer["forecast"]["model"] == "pattern_outcome/2.0.0", "which ranges are of"


def test_each_model_tells_of_its_own_events(run: Run) -> None:
    _, alone = run("double_bottom", PATTERN_OUTCOME)
    _, both = run("double_bottom", "hammer", PATTERN_OUTCOME, {"name": CANDLESTICK_OUTCOME})
    models = {event["name"]: said["model"] for event, said in told(both)}
    assert models == {"double_bottom": "pattern_outcome/2.0.0", "hammer": MODEL}
    before = {event["id"]: said for event, said in told(alone)}
    assert {event["id"]: said for event, said in told(both) if event["name"] == "double_bottom"} == before
    _, other = run("double_bottom", "hammer", CANDLESTICK_OUTCOME)
    assert {event["name"] for event, _ in told(other)} == {"hammer"}
    assert "candlesticks" not in alone["forecast"]


def test_a_range_of_bars_does_not_change_what_is_said(run: Run) -> None:
    _, long = run("engulfing", CANDLESTICK_OUTCOME)
    _, short = run("engulfing", CANDLESTICK_OUTCOME, last=200)
    known = {event["id"]: said for event, said in told(long)}
    assert told(short)
    assert all(known[event["id"]] == said for event, said in told(short))


def test_a_damaged_one_leaves_chance_and_the_other_speaks_on(run: Run, of_candlesticks: Path) -> None:
    (of_candlesticks / TREES).write_bytes(b"other")
    job, answer = run("hammer", "double_bottom", PATTERN_OUTCOME, CANDLESTICK_OUTCOME, reuse=False)
    assert job.state == "succeeded"
    speaker = answer["forecast"]["candlesticks"]
    assert (speaker["model"], speaker["model_status"], speaker["reason"]) == (None, "degraded", "checksum")
    for event, said in told(answer):
        if event["name"] == "hammer":
            assert said["model_status"] == "degraded"
            assert said["p_target"] is None or said["p_target"] == said["random_walk"]["p_target"]
        else:
            assert said["model_status"] == "ready"
    again, _ = run("hammer", "double_bottom", PATTERN_OUTCOME, CANDLESTICK_OUTCOME)
    assert not again.reused, "chance is not kept for who asks again"


def test_where_none_is_served_chance_is_answered(run: Run, settings: Any) -> None:
    settings.CANDLESTICK_MODEL_VERSION = ""
    assert names_served() == [PATTERN_OUTCOME]
    assert sources([CANDLESTICK_OUTCOME])[CANDLESTICK_OUTCOME] == "no_model"
    _, answer = run("hammer", CANDLESTICK_OUTCOME)
    speaker = answer["forecast"]["candlesticks"]
    assert (speaker["model"], speaker["model_status"], speaker["reason"]) == (None, "degraded", "no_model")
    assert not [one for one in known_models() if one.is_served and one.card["name"] == CANDLESTICK_OUTCOME]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        *((["usable_from"], value) for value in ("x", [], {}, 1e308, None, "20180307")),
        *((["timeframes"], value) for value in (None, 5, [5], "1d")),
        *((["shrinkage"], value) for value in ([None, None], ["a", "b"], [1, 2, 3], [float("inf"), 0], [10**400, 0])),
        (["lift_status"], ["lift"]),
        *((["baseline", "lines"], value) for value in ("zz", [[1]], [[1, 2], [3, None]])),
        (["baseline", "names", "hammer", "resolve_shift"], None),
        (["baseline", "whole"], {}),
        (["base_rates"], [{}]),
        (["resolution_days"], None),
        (["reference"], {"other": 1}),
    ],
)
def test_a_card_with_something_else_in_it_leaves_chance(
    run: Run, of_candlesticks: Path, path: list[Any], value: Any
) -> None:
    card = json.loads((of_candlesticks / CARD).read_text())
    inner = card
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = value
    (of_candlesticks / CARD).write_text(json.dumps(card))
    job, answer = run("hammer", CANDLESTICK_OUTCOME, f"hammer and {CANDLESTICK_OUTCOME}.p_target > .4", reuse=False)
    assert job.state == "succeeded"
    speaker = answer["forecast"]["candlesticks"]
    assert (speaker["model"], speaker["model_status"], speaker["reason"]) == (None, "degraded", "card")
    assert served_figures(timezone.now(), CANDLESTICK_OUTCOME).ready is False


@pytest.mark.parametrize("version", ["latest", "1.0", "1.0.0\n", "../../etc", "x" * 5_000])
def test_where_the_settings_name_no_version_chance_is_answered(run: Run, settings: Any, version: str) -> None:
    settings.CANDLESTICK_MODEL_VERSION = version
    _, answer = run("hammer", CANDLESTICK_OUTCOME, f"hammer and {CANDLESTICK_OUTCOME}.p_target > .4")
    speaker = answer["forecast"]["candlesticks"]
    assert (speaker["model"], speaker["model_status"], speaker["reason"]) == (None, "degraded", "no_model")
    assert not [one for one in known_models() if one.is_served and one.card["name"] == CANDLESTICK_OUTCOME]
    assert served_figures(timezone.now(), CANDLESTICK_OUTCOME).ready is None


def test_who_does_not_ask_it_has_it_not_read(run: Run) -> None:
    loading._held.pop(CANDLESTICK_OUTCOME, None)
    run("double_bottom", "hammer", PATTERN_OUTCOME, reuse=False)
    assert CANDLESTICK_OUTCOME not in loading._held


def test_a_model_of_the_other_family_in_its_place_is_refused(run: Run, of_candlesticks: Path, models: Path) -> None:
    for path in models.iterdir():
        (of_candlesticks / path.name).write_bytes(path.read_bytes())
    _, answer = run("hammer", CANDLESTICK_OUTCOME)
    assert answer["forecast"]["candlesticks"]["reason"] == "card"


def test_an_answer_is_named_after_the_models_that_it_asks(of_candlesticks: Path) -> None:
    assert set(sources()) == {"ml", PATTERN_OUTCOME}
    before = sources([CANDLESTICK_OUTCOME])
    (of_candlesticks / "card.json").unlink()
    assert sources([CANDLESTICK_OUTCOME])[CANDLESTICK_OUTCOME] == "no_model" != before[CANDLESTICK_OUTCOME]


def test_a_condition_is_known_on_bars_of_candlesticks_out_of_sample(run: Run, index: Bars) -> None:
    text = "hammer and candlestick_outcome.p_target > 0"
    job, answer = run(text, "hammer", CANDLESTICK_OUTCOME)
    assert job.queue == "ml"
    values = column(answer, text)
    places = {int(at): place for place, at in enumerate(answer["time"])}
    hammers = {places[event["confirmed_at"]]: said for event, said in told(answer)}
    assert {said["in_sample"] for said in hammers.values()} == {True, False}
    for place, said in hammers.items():
        known = said["p_target"] is not None and not said["in_sample"]
        assert values[place] == (1.0 if known else None)
    assert sum(value == 1.0 for value in values) == sum(not said["in_sample"] for said in hammers.values())
    assert "in_sample" in {note["code"] for note in answer["quality"]}


def test_a_condition_counts_the_events_of_which_nothing_is_said(run: Run) -> None:
    names = ("doji", "hammer", "engulfing")
    text = "candlestick_outcome.p_target > 0"
    _, answer = run(text, *names, CANDLESTICK_OUTCOME)
    notes = {note["code"]: note for note in answer["quality"]}
    said = [one for _, one in told(answer)]
    neutral = sum(one["reason"] == "no_side" and not one["in_sample"] for one in said)
    assert neutral > 10
    assert notes["no_side"]["count"] == neutral
    assert notes["no_side"]["detail"].startswith(f"{neutral} of {len(said)} events have no side")
    assert notes["in_sample"]["count"] == sum(one["in_sample"] for one in said)
    spoken = sum(one["p_target"] is not None and not one["in_sample"] for one in said)
    others = sum(notes[code]["count"] for code in WITHOUT_ODDS if code in notes)
    assert spoken + others + notes["in_sample"]["count"] == len(said), "each event is counted once"
    _, without = run("hammer and candlestick_outcome.p_target > 0")
    assert "no_side" not in {note["code"] for note in without["quality"]}


def test_every_reason_against_a_prediction_has_words() -> None:
    ends = {Outcome.PENDING, Outcome.TARGET, Outcome.STOP, Outcome.TIMEOUT}
    assert set(WITHOUT_ODDS) == {one.name.lower() for one in set(Outcome) - ends} | {"unknown_volatility"}


def test_both_models_stand_in_one_condition(run: Run) -> None:
    text = "pattern_outcome.p_target > 0 or candlestick_outcome.p_target > 0"
    _, both = run(text, "p = pattern_outcome.p_target", "c = candlestick_outcome.p_target")
    for value, p, c in zip(column(both, text), column(both, "p"), column(both, "c"), strict=True):
        assert value == (None if p is None and c is None else 1.0)
    assert any(p is not None for p in column(both, "p"))
    assert sum(c is not None for c in column(both, "c")) > 100


def test_reasons_are_of_its_predictions(run: Run, owner: AbstractUser, index: Bars) -> None:
    _, answer = run("hammer", CANDLESTICK_OUTCOME, reasons=3, last=400)
    heads = {head["head"] for _, said in told(answer) if said["reasons"] for head in said["reasons"]}
    assert heads == {"resolve", "direction"}
    with pytest.raises(InvalidRequest):
        submit(owner=owner, request=JobRequest(analyses=("hammer",), bars=index, reasons=3), now=timezone.now())


def test_a_name_that_the_request_gives_to_something_else_means_that(run: Run) -> None:
    job, answer = run("candlestick_outcome = rsi(7)", "candlestick_outcome > 50")
    assert job.queue != "ml"
    assert "forecast" not in answer


@pytest.fixture
def sided(whole: Bars) -> int:
    """The bar of a candlestick with a side, after the model's training, whose twenty bars are there."""
    since = int(np.searchsorted(whole.time, np.datetime64("2018-04-10", "ns").astype(np.int64)))
    found = events_of(whole, CANDLESTICKS.plans())
    return next(event.bar for event in found if event.bar >= max(since, BARS_NEEDED) and event.side != "neutral")


def test_what_was_said_is_kept_and_scored_from_the_entry(ask: Ask, whole: Bars, sided: int) -> None:
    stored(upto(whole, sided + 1))
    ask(evening(whole, sided), analyses=(CANDLESTICK_OUTCOME,))
    rows = list(KeptPrediction.objects.order_by("pk"))
    assert rows
    assert {(row.model, row.life, row.result) for row in rows} == {(MODEL, 20, Result.PENDING)}
    for row in rows:
        assert (row.target - row.reference) * row.side == pytest.approx((row.reference - row.stop) * row.side)
        assert (row.target - row.reference) * row.side > 0
    stored(whole)
    assert score(now=evening(whole, len(whole) - 1)) == len(rows)
    events = {event.id: event for event in events_of(whole, CANDLESTICKS.plans())}
    found = measured(symmetric([events[row.event] for row in rows], whole), whole)
    names = {Outcome.TARGET: "target", Outcome.STOP: "stop", Outcome.TIMEOUT: "timeout"}
    for row, end, r in zip(KeptPrediction.objects.order_by("pk"), found.ends.tolist(), found.r.tolist(), strict=True):
        assert (row.result, row.r) == (names[Outcome(end)], pytest.approx(r))


def test_both_models_are_kept_each_under_its_name(ask: Ask, whole: Bars, place: int) -> None:
    stored(upto(whole, place + 1))
    ask(evening(whole, place), analyses=(PATTERN_OUTCOME, CANDLESTICK_OUTCOME, "all"))
    models = set(KeptPrediction.objects.values_list("model", flat=True))
    assert "pattern_outcome/2.0.0" in models


def test_each_name_has_its_champion(owner: AbstractUser, of_candlesticks: Path) -> None:
    assert served(CANDLESTICK_OUTCOME).version == "1.0.0"
    register_all(timezone.now())
    assert {one.card["name"] for one in known_models() if one.is_served} == {PATTERN_OUTCOME, CANDLESTICK_OUTCOME}
    row = ModelVersion.objects.get(name=CANDLESTICK_OUTCOME)
    assert is_served(row)
    ModelVersion.objects.filter(pk=row.pk).update(status=Status.CHAMPION)
    assert served(CANDLESTICK_OUTCOME).sha256 == row.sha256
    assert served().sha256 == ""
    assert served_figures(timezone.now(), CANDLESTICK_OUTCOME).name == MODEL


def test_drift_is_measured_on_days_drawn_as_for_training(whole: Bars) -> None:
    stored(whole)
    report = measure_drift(CANDLESTICK_OUTCOME, now=timezone.now())
    assert report is not None
    assert 0 < report.figures["events"] < 60
