"""Predictions: beside chance, with a reason where there are none, and never an error for want of a model."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from analysis import Bars
from analysis.events import Event
from analysis.validation.surrogates import gaussian_walk
from ml.artifact import Model, golden, read, write
from ml.examples import Examples, events_of
from ml.family import PATTERNS
from ml.features import BARS_NEEDED
from ml.predict import COST, Asked, predict, usable_from
from ml.training import Fit, fit
from tests.analysis.shipped import demo

STATED = {"name": "pattern_outcome", "version": "0.0.1", "usable_from": "2010-01-01", "lift_status": "lift"}


@pytest.fixture(scope="module")
def model(noise: Examples, tmp_path_factory: pytest.TempPathFactory) -> Model:
    made = fit(noise, rounds=20)
    stored = Fit(made.booster, made.baseline, (1.0, 1.0))
    folder: Path = tmp_path_factory.mktemp("model")
    write(folder, stored, {**STATED, "golden": golden(stored, noise.features)}, "")
    return read(folder)


def test_odds_add_up_and_stand_beside_chance(model: Model, asked: Asked) -> None:
    (found,) = predict([asked], model)
    assert [one.event for one in found] == [event.id for event in asked.events]
    said = [one for one in found if one.odds is not None]
    assert len(said) > 50
    for one in said:
        for odds in (one.odds, one.chance):
            assert odds is not None
            assert sum(odds[:3]) == pytest.approx(1.0)
            assert min(odds[:3]) >= 0
        assert one.rate is not None
        assert (one.model, one.model_status, one.lift_status) == ("pattern_outcome/0.0.1", "ready", "lift")
    assert any(abs(one.odds.target - one.chance.target) > 0.01 for one in said if one.odds and one.chance)


def test_a_chunk_is_answered_as_its_series_are_one_by_one(model: Model, asked: Asked) -> None:
    other = demo("IXIC", 2_000)
    parts = [asked, Asked(other, []), Asked(other, events_of(other, PATTERNS.plans()))]
    together = predict(parts, model)
    assert list(map(len, together)) == [len(one.events) for one in parts]
    assert together == [predict([one], model)[0] for one in parts]


def test_what_cannot_be_said_has_its_reason(model: Model, asked: Asked) -> None:
    event = next(one for one in asked.events if one.targets and one.side == "bullish" and one.bar > BARS_NEEDED)
    close = float(asked.bars.close[event.bar])
    cases = {
        "no_target": replace(event, targets=()),
        "no_stop": replace(event, stop=None),
        "no_side": replace(event, side="neutral"),
        "reached_before": replace(event, reached_before_confirmation=True),
        "target_passed": replace(event, targets=(close,), reached_before_confirmation=False),
        "stop_passed": replace(event, stop=close, reached_before_confirmation=False),
    }
    (found,) = predict([Asked(asked.bars, list(cases.values()))], model)
    assert [one.reason for one in found] == list(cases)
    assert {(one.odds, one.chance) for one in found} == {(None, None)}


def moved(event: Event, bar: int, bars: Bars) -> Event:
    """Return a like event at another bar: target and stop five percent away."""
    close = float(bars.close[bar])
    return replace(event, bar=bar, side="bullish", targets=(close * 1.05,), stop=close * 0.95, points=(), life=20)


def test_events_without_history_are_answered_by_the_baseline_or_not_at_all(model: Model, asked: Asked) -> None:
    event = replace(asked.events[0], reached_before_confirmation=False)
    early = [moved(event, 5, asked.bars), moved(event, 100, asked.bars), moved(event, 400, asked.bars)]
    (found,) = predict([Asked(asked.bars, early)], model)
    assert [one.reason for one in found] == ["unknown_volatility", "insufficient_history", None]
    assert found[0].odds is None
    assert found[1].odds is not None
    only_blend = replace(model, fit=replace(model.fit, shrinkage=(0.0, 0.0)))
    assert predict([Asked(asked.bars, early)], only_blend)[0][1].odds == found[1].odds


def test_without_a_model_chance_answers_and_says_so(asked: Asked) -> None:
    (found,) = predict([asked], None, "checksum")
    for one in found:
        assert (one.model, one.model_status, one.rate, one.in_sample) == (None, "degraded", None, False)
        assert one.lift_status == "no measurable lift"
        if one.odds is not None and one.chance is not None:
            assert one.reason == "checksum"
            assert one.odds == pytest.approx(one.chance, abs=1e-4)


def test_of_a_pattern_that_it_was_not_trained_on_chance_is_answered_and_says_so(model: Model, asked: Asked) -> None:
    event = next(one for one in asked.events if one.targets and one.stop and one.bar > BARS_NEEDED and one.life)
    (known, other), (chance,) = (
        predict([Asked(asked.bars, events)], made)[0]
        for events, made in (([event, replace(event, name="wyckoff_spring")], model), ([event], None))
    )
    assert (known.model_status, known.reason) == ("ready", None)
    assert (other.model_status, other.reason) == ("degraded", "pattern_not_measured")
    assert (other.model, other.rate, other.in_sample) == (None, None, False)
    assert other.odds == chance.odds != known.odds


def test_what_it_has_seen_the_outcome_of_is_in_sample(model: Model, asked: Asked) -> None:
    (found,) = predict([asked], model)
    begins = usable_from(model.card)
    assert begins == np.datetime64("2010-01-01", "ns").astype(np.int64)
    assert [one.in_sample for one in found] == [event.confirmed_at < begins for event in asked.events]
    assert {one.in_sample for one in found} == {True, False}


def test_costs_are_of_both_sides_in_what_is_risked(model: Model, asked: Asked) -> None:
    event = moved(replace(asked.events[0], reached_before_confirmation=False), 500, asked.bars)
    ((found,),) = predict([Asked(asked.bars, [event])], model)
    assert found.odds is not None
    risked = 0.05
    expected = found.odds.target - found.odds.stop - 2 * COST / risked
    assert found.odds.expected_r == pytest.approx(expected)


def test_volume_that_is_unknown_is_no_hindrance(model: Model, asked: Asked) -> None:
    prices = {name: getattr(asked.bars, name) for name in ("open", "high", "low", "close")}
    silent = Bars(time=asked.bars.time, **prices, timeframe="1d")
    (found,) = predict([Asked(silent, asked.events)], model)
    assert all(np.isfinite(one.odds).all() for one in found if one.odds is not None)


@pytest.mark.parametrize("given", [lambda bars: [], lambda bars: [Asked(bars, [])]])
def test_nothing_asked_is_nothing_answered(model: Model, spx: Bars, given: Callable[[Bars], list[Asked]]) -> None:
    assert predict(given(spx), model) == [[] for _ in given(spx)]


def test_on_noise_no_condition_is_true_of_what_it_was_trained_on(noise: Examples, model: Model) -> None:
    """Read as unknown where in sample: p > .5 would else win more often than not on the very bars it learnt."""
    card = {**model.card, "usable_from": "2100-01-01"}
    bars = gaussian_walk(4_000, np.random.default_rng(11))
    (found,) = predict([Asked(bars, events_of(bars, PATTERNS.plans()))], replace(model, card=card))
    answered = [one for one in found if one.odds is not None]
    assert any(one.odds.target > 0.5 for one in answered if one.odds)
    assert not [one for one in answered if one.odds and one.odds.target > 0.5 and not one.in_sample]
