"""Conditions on what a model says: known on the bars of events after its training, unknown on all others."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analysis import Bars
from analysis.validation.surrogates import gaussian_walk
from forecasts import loading
from ml import golden_events
from ml.artifact import CARD, TREES, golden, write
from ml.card_figures import date_of
from ml.examples import STOP, TARGET, Examples, events_of, examples_of
from ml.family import PATTERNS
from ml.splits import EMBARGO_NS
from ml.training import fit
from tests.forecasts.conftest import Run

pytestmark = pytest.mark.django_db
CONDITION = "double_bottom and pattern_outcome.p_target > 0.3"


def column(answer: dict[str, Any], key: str) -> list[float | None]:
    return [None if np.isnan(value) else float(value) for value in answer["columns"][key]]


def codes(answer: dict[str, Any]) -> set[str]:
    return {note["code"] for note in answer["quality"]}


def test_a_condition_is_what_is_said_of_the_event_on_its_bar_and_unknown_elsewhere(run: Run) -> None:
    text = "divergence and pattern_outcome.p_target > 0.3"
    job, answer = run(text, "divergence", "p = pattern_outcome.p_target", "pattern_outcome")
    assert job.queue == "ml"
    said: dict[int, list[dict[str, Any]]] = {}
    for event in answer["events"]:
        said.setdefault(event["confirmed_at"], []).append(event["prediction"])
    assert {one["in_sample"] for several in said.values() for one in several} == {True, False}
    pairs = zip(column(answer, text), column(answer, "p"), strict=True)
    found = dict(zip([int(at) for at in answer["time"]], pairs, strict=True))
    for at, several in said.items():
        signal, p = found.pop(at)
        told = [one["p_target"] for one in several if one["p_target"] is not None and not one["in_sample"]]
        if told:
            assert p in [pytest.approx(one, abs=1e-6) for one in told]
            assert signal == float(p is not None and p > 0.3)
        else:
            assert (signal, p) == (None, None)
    assert {p for _, p in found.values()} == {None}
    assert {signal for signal, _ in found.values()} <= {0.0, None}
    assert "in_sample" in codes(answer)


def test_the_answer_to_a_condition_is_not_the_one_to_who_asks_for_predictions_as_well(run: Run) -> None:
    run("double_bottom", CONDITION)
    job, answer = run("double_bottom", CONDITION, "pattern_outcome")
    assert not job.reused
    assert answer["events"]
    assert all("prediction" in event for event in answer["events"])


def test_a_condition_alone_asks_the_model_too_and_needs_every_bar(run: Run) -> None:
    job, whole = run(CONDITION)
    _, part = run(CONDITION, last=300)
    assert job.queue == "ml"
    assert "forecast" not in whole
    assert column(part, CONDITION) == column(whole, CONDITION)[-300:]


def test_without_a_pattern_beside_it_all_that_the_model_knows_is_meant(run: Run) -> None:
    _, answer = run("pattern_outcome.p_target > 0.2", "chart_patterns", "harmonic", "elliott", "divergence")
    assert sum(column(answer, "pattern_outcome.p_target > 0.2").count(value) for value in (0.0, 1.0)) >= 5


def test_of_a_model_that_cannot_be_asked_all_is_unknown_and_the_answer_says_so(run: Run, models: Path) -> None:
    ready, _ = run(CONDITION)
    assert run(CONDITION)[0].reused
    (models / TREES).write_bytes(b"other")
    job, answer = run(CONDITION, "double_bottom", reuse=False)
    assert job.state == "succeeded"
    assert answer["events"]
    assert not {1.0} & set(column(answer, CONDITION))
    assert "model_degraded" in codes(answer)
    assert "checksum" in str(answer["quality"])
    assert ready.fingerprint != job.fingerprint
    assert not run(CONDITION, "double_bottom")[0].reused


def test_the_answer_of_one_model_is_not_that_of_another(run: Run, models: Path) -> None:
    first, _ = run(CONDITION)
    (models / "card.json").rename(models / "card")
    other, _ = run(CONDITION)
    assert other.fingerprint != first.fingerprint


def test_too_few_bars_for_any_event_are_no_error(run: Run, index: Bars) -> None:
    _, answer = run("close > 0", CONDITION, bars=index.slice(0, 12))
    assert {*column(answer, CONDITION)} <= {0.0, None}


def test_a_model_trained_on_noise_is_true_on_none_of_the_bars_it_was_trained_on(
    run: Run, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In sample p > .5 "wins" on pure noise: nothing but that it is unknown there keeps it out of a backtest."""
    rng = np.random.default_rng(5)
    walks = [gaussian_walk(2_500, rng) for _ in range(12)]
    parts = [examples_of(bars, f"W{place}", events_of(bars, PATTERNS.plans()))[0] for place, bars in enumerate(walks)]
    noise = Examples.joined(parts)
    made = fit(noise)
    made = type(made)(made.booster, made.baseline, (1.0, 1.0))
    card = {
        "name": PATTERNS.name,
        "version": models.name,
        "timeframes": ["1d"],
        "lift_status": "lift",
        "usable_from": date_of(int(noise.over_at.max()) + EMBARGO_NS),
        "golden": {**golden(made, noise.features), **golden_events.kept()},
        "ranges": json.loads((models / CARD).read_text())["ranges"],
    }
    write(models, made, card, "")
    told = made.predict(noise)[:, TARGET]
    over = noise.label <= STOP
    wins = (noise.label == TARGET)[over & (told > 0.5)].mean()
    assert wins > (noise.label == TARGET)[over].mean() + 0.03, "it must look good in sample"
    last = int(noise.over_at.max())
    for bars in walks[:4]:
        _, answer = run("pattern_outcome.p_target > 0.5", bars=bars.slice(0, int(np.searchsorted(bars.time, last))))
        assert set(column(answer, "pattern_outcome.p_target > 0.5")) == {None}
        assert "in_sample" in codes(answer)
    monkeypatch.setattr("ml.predict.usable_from", lambda card: 0)
    monkeypatch.setattr(loading, "_held", {})
    _, answer = run("pattern_outcome.p_target > 0.5", bars=walks[0], reuse=False)
    assert 1.0 in column(answer, "pattern_outcome.p_target > 0.5"), "what the rule keeps out"
