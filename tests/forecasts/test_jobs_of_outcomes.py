"""`pattern_outcome` among a job's analyses: what is said of events, and of a model that is not what it should be."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.contrib.auth.models import AbstractUser
from django.utils import timezone

from analysis import Bars
from analysis.patterns import reversals
from analysis.result_size import HEAD, REASON
from forecasts import loading
from forecasts.selectors import known_models
from forecasts.served import PATTERN_OUTCOME
from jobs import selectors
from jobs.errors import InvalidRequest
from jobs.models import Chunk
from jobs.requests import JobRequest
from jobs.services.run_chunk import run_chunk
from jobs.services.submit import submit
from ml.artifact import CARD, TREES
from tests.forecasts.conftest import Run

pytestmark = pytest.mark.django_db
ASKED = ("double_bottom", "bull_flag", PATTERN_OUTCOME)


@pytest.fixture
def run(run: Run) -> Run:
    return lambda *analyses, **fields: run(*(analyses or ASKED), **fields)


def told(answer: dict[str, Any]) -> list[dict[str, Any]]:
    return [event["prediction"] for event in answer["events"] if "prediction" in event]


def test_every_pattern_has_probabilities_beside_chance_and_what_was_counted(run: Run) -> None:
    job, answer = run()
    assert job.queue == "ml"
    said = [one for one in told(answer) if one["p_target"] is not None]
    assert len(said) >= 3
    assert len(told(answer)) == len(answer["events"])
    for one in said:
        for odds in (one, one["random_walk"]):
            assert odds["p_target"] + odds["p_stop"] + odds["p_timeout"] == pytest.approx(1, abs=1e-5)
        assert (one["model"], one["model_status"], one["lift_status"]) == ("pattern_outcome/2.0.0", "ready", "lift")
        counted = one["base_rate"]["counted"]
        assert counted["interval"][0] <= counted["p_target"] <= counted["interval"][1]
        assert counted["events"] > 200
        assert isinstance(one["in_sample"], bool)
        assert one["median_days"] > 0
        spread = one["expected_range"]
        assert spread["low"] == sorted(spread["low"])
        assert spread["high"] == sorted(spread["high"])
        assert spread["coverage"]["low"] == sorted(spread["coverage"]["low"])
    assert answer["forecast"]["model_status"] == "ready"
    assert answer["forecast"]["cost"] == 0.001
    assert answer["forecast"]["expected_range"]["bars"] == 20
    assert len(answer["forecast"]["model_sha256"]) == 64


def test_by_itself_it_means_the_patterns_that_the_model_knows(run: Run) -> None:
    job, answer = run(PATTERN_OUTCOME)
    assert selectors.describe(job)["analyses"][-1] == PATTERN_OUTCOME
    assert {"bull_flag", "abcd"} <= {event["name"] for event in answer["events"]}
    assert all("prediction" in event for event in answer["events"])


def test_an_indicator_beside_it_is_answered_with_the_patterns(run: Run) -> None:
    _, answer = run("rsi", {"name": PATTERN_OUTCOME})
    assert "rsi" in answer["columns"]
    assert told(answer)


@pytest.mark.parametrize("given", [" Pattern_Outcome ( ) ", {"name": "pattern_outcome", "params": {}}])
def test_it_may_be_called_as_what_takes_no_parameters(run: Run, given: Any) -> None:
    job, _ = run("double_bottom", given)
    assert selectors.describe(job)["analyses"] == ["double_bottom", PATTERN_OUTCOME]


@pytest.mark.parametrize(
    ("given", "pointer", "code"),
    [
        ("pattern_outcome(3)", "", "too_many_parameters"),
        ("pattern_outcome(horizon=3)", "", "unknown_parameter"),
        ({"name": PATTERN_OUTCOME, "params": {"horizon": 3}}, "/params/horizon", "unknown_parameter"),
        ({"name": PATTERN_OUTCOME, "source": "close"}, "", "no_source"),
        ({"name": {"name": PATTERN_OUTCOME}}, "/name", "wrong_type"),
    ],
)
def test_what_it_cannot_be_given_is_refused(
    owner: AbstractUser, index: Bars, given: Any, pointer: str, code: str
) -> None:
    with pytest.raises(InvalidRequest) as refused:
        submit(owner=owner, request=JobRequest(analyses=["double_bottom", given], bars=index), now=timezone.now())
    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [(f"/analyses/1{pointer}", code)]


def test_candlesticks_have_no_model_and_no_prediction(run: Run) -> None:
    _, answer = run("hammer", "double_bottom", PATTERN_OUTCOME)
    assert {event["name"] for event in answer["events"] if "prediction" not in event} == {"hammer"}


def test_without_the_name_nothing_is_said(run: Run) -> None:
    job, answer = run("double_bottom")
    assert job.queue != "ml"
    assert "forecast" not in answer
    assert not told(answer)


def test_a_name_that_the_request_gives_to_something_else_means_that(run: Run) -> None:
    job, answer = run("pattern_outcome = rsi(7)", "pattern_outcome > 50")
    assert job.queue != "ml"
    assert PATTERN_OUTCOME in answer["columns"]
    assert "forecast" not in answer


def test_what_is_said_of_an_event_does_not_hang_on_the_bars_asked_for(run: Run) -> None:
    _, whole = run()
    _, part = run(last=400)
    known = {event["id"]: event["prediction"] for event in whole["events"]}
    assert part["events"]
    assert all(known[event["id"]] == event["prediction"] for event in part["events"])


def flip(path: Path, at: int) -> None:
    raw = bytearray(path.read_bytes())
    raw[at] ^= 1
    path.write_bytes(raw)


def replace_card(folder: Path, **other: Any) -> None:
    card = json.loads((folder / CARD).read_text())
    (folder / CARD).write_text(json.dumps({**card, **other}))


def change_golden(folder: Path, **other: Any) -> None:
    known = json.loads((folder / CARD).read_text())["golden"]
    replace_card(folder, golden={**known, **other})


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda folder: flip(folder / TREES, 5_000), "checksum"),
        (lambda folder: (folder / TREES).write_bytes((folder / TREES).read_bytes()[:1_000]), "checksum"),
        (lambda folder: (folder / TREES).unlink(), "missing"),
        (lambda folder: (folder / TREES).write_bytes(bytes(17 << 20)), "too_large"),
        (lambda folder: (folder / CARD).unlink(), "missing"),
        (lambda folder: (folder / CARD).write_text("{"), "card"),
        (lambda folder: (folder / CARD).write_text("[" * 100_000), "card"),
        (lambda folder: replace_card(folder, version="2.0.1"), "card"),
        (lambda folder: replace_card(folder, features={"version": "old", "names": []}), "features"),
        (lambda folder: replace_card(folder, label_version="0"), "label_version"),
        (lambda folder: replace_card(folder, shrinkage=[]), "card"),
        (lambda folder: replace_card(folder, baseline={}), "card"),
        (lambda folder: replace_card(folder, golden=None), "card"),
        (lambda folder: change_golden(folder, bars="x"), "card"),
        (lambda folder: change_golden(folder, events=[]), "stale"),
        (lambda folder: replace_card(folder, timeframes=["1h"]), "timeframe_not_measured"),
    ],
)
def test_a_model_damaged_while_the_worker_runs_leaves_chance_and_the_reason(
    run: Run, models: Path, damage: Callable[[Path], Any], reason: str
) -> None:
    _, before = run(reuse=False)
    assert before["forecast"]["model_status"] == "ready"
    damage(models)
    job, answer = run(reuse=False)
    assert job.state == "succeeded"
    assert (answer["forecast"]["model_status"], answer["forecast"]["reason"]) == ("degraded", reason)
    said = [one for one in told(answer) if one["p_target"] is not None]
    assert said
    for one in said:
        assert (one["model"], one["model_status"], one["reason"], one["base_rate"]) == (None, "degraded", reason, None)
        assert one["p_target"] == pytest.approx(one["random_walk"]["p_target"], abs=1e-4)


def test_reasons_are_told_if_asked_for_and_add_up_as_they_are_answered(run: Run) -> None:
    _, without = run()
    job, answer = run(reasons=3)
    assert not job.reused
    assert job.request["reasons"] == 3
    assert not [one for one in told(without) if "reasons" in one]
    spoken = [one for one in told(answer) if one["reasons"] is not None]
    assert len(spoken) >= 3
    for one in spoken:
        resolve, direction = one["reasons"]
        assert (resolve["head"], direction["head"]) == ("resolve", "direction")
        assert len(resolve["features"]) == 3
        parts = sum(each["log_odds"] for each in resolve["features"])
        assert resolve["blend"] + resolve["mean"] + parts + resolve["others"] == pytest.approx(
            resolve["log_odds"], abs=1e-5
        )
        assert 1 / (1 + np.exp(-resolve["log_odds"])) == pytest.approx(one["p_target"] + one["p_stop"], abs=1e-5)
        assert (direction["share"], direction["features"]) == (0.0, [])
    silent = [one for one in told(answer) if one["reasons"] is None]
    assert all(one["reason"] is not None for one in silent)
    assert [{**one, "reasons": 0} for one in told(without)] == [{**one, "reasons": 0} for one in told(answer)]


def test_of_a_damaged_model_there_are_no_reasons_but_the_reason(run: Run, models: Path) -> None:
    flip(models / TREES, 5_000)
    _, answer = run(reasons=3)
    assert {(one["reasons"], one["model_status"]) for one in told(answer)} == {(None, "degraded")}
    assert {one["reason"] for one in told(answer) if one["p_target"] is not None} == {"checksum"}


def test_reasons_are_no_longer_than_is_counted_for_them(run: Run) -> None:
    _, answer = run(reasons=10)
    heads = [head for one in told(answer) for head in one["reasons"] or ()]
    assert max(len(head["features"]) for head in heads) == 10
    assert all(len(json.dumps(head)) < HEAD + REASON * len(head["features"]) for head in heads)


@pytest.mark.parametrize("analyses", [["double_bottom"], ["expected_range"], ["close > pattern_outcome.p_target"]])
def test_reasons_of_nothing_are_refused(owner: AbstractUser, index: Bars, analyses: list[str]) -> None:
    with pytest.raises(InvalidRequest) as refused:
        submit(owner=owner, request=JobRequest(analyses=analyses, bars=index, reasons=3), now=timezone.now())
    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [("/reasons", "nothing_to_explain")]


def test_a_card_that_is_not_the_pinned_one_is_refused(run: Run, settings: Any) -> None:
    settings.MODEL_SHA256 = "0" * 64
    _, answer = run()
    assert answer["forecast"]["reason"] == "card_checksum"


def test_a_rule_that_was_changed_since_it_was_trained_leaves_chance_and_says_so(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reversals, "BREAK", 0.4)
    monkeypatch.setattr(loading, "_held", {})
    _, answer = run()
    assert (answer["forecast"]["model_status"], answer["forecast"]["reason"]) == ("degraded", "stale")
    assert {one["model_status"] for one in told(answer)} == {"degraded"}
    found = known_models()[0]
    assert (found.is_served, found.status) == (True, "degraded")
    assert found.examined is not None
    assert "double_" in found.examined.detail


def test_what_a_worker_found_is_known_to_who_shows_models(run: Run, models: Path) -> None:
    assert [one.status for one in known_models()] == [None]
    run()
    assert [one.status for one in known_models()] == ["ready"]
    flip(models / TREES, 5_000)
    run(reuse=False)
    assert [one.examined and one.examined.code for one in known_models()] == ["checksum"]
    replace_card(models, lift_status="other")
    assert [one.status for one in known_models()] == [None]


def test_a_mended_model_is_served_again(run: Run, models: Path) -> None:
    sound = (models / TREES).read_bytes()
    flip(models / TREES, 5_000)
    assert run(reuse=False)[1]["forecast"]["model_status"] == "degraded"
    (models / TREES).write_bytes(sound)
    assert run(reuse=False)[1]["forecast"]["model_status"] == "ready"


def test_the_answer_of_one_model_is_not_reused_for_another_nor_chance_for_a_model(run: Run, models: Path) -> None:
    first, _ = run()
    assert run()[0].reused
    (models / TREES).rename(models / "elsewhere")
    (models / CARD).rename(models / "card")
    without, _ = run()
    assert not without.reused
    assert without.fingerprint != first.fingerprint
    (models / "card").rename(models / CARD)
    # The card is there and names the answer, but the trees are not: what chance said is not kept under that name.
    replace_card(models, lift_status="lift ")
    damaged, answer = run()
    assert answer["forecast"]["model_status"] == "degraded"
    assert not damaged.reused
    again, _ = run()
    assert not again.reused


def test_how_long_the_model_took_is_reported_for_the_metric(
    owner: AbstractUser, broker: Any, index: Bars, models: Path
) -> None:
    job = submit(owner=owner, request=JobRequest(analyses=ASKED, bars=index), now=timezone.now())
    report = run_chunk(Chunk.objects.get(job=job).pk, clock=timezone.now)
    assert report.prediction_seconds is not None
    assert 0 < report.prediction_seconds < report.runtime_seconds


def test_faults_point_into_the_list_as_it_was_given(owner: AbstractUser, index: Bars) -> None:
    with pytest.raises(InvalidRequest) as refused:
        submit(
            owner=owner,
            request=JobRequest(analyses=[PATTERN_OUTCOME, "rsi(", {"name": "nothing"}], bars=index),
            now=timezone.now(),
        )
    assert {fault.pointer.split("/")[2] for fault in refused.value.faults} == {"1", "2"}
