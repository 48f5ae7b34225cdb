"""Families: candlesticks are drawn by blocks, measured alike, and without a label where they have no side."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from analysis import Bars
from analysis.catalog.registry import ENTRIES
from analysis.events import Event
from analysis.outcomes import Outcome, measured, symmetric
from analysis.timeframe import DAY_NS
from ml.artifact import Model, golden, read, write
from ml.examples import STOP, TARGET, TIMEOUT, events_of, examples_of
from ml.family import CANDLESTICKS, FAMILIES, LIFE, PATTERNS, family_of
from ml.features import BARS_NEEDED
from ml.predict import Asked, predict
from ml.training import Fit, fit
from ml.training_set import of_series
from tests.analysis.shipped import demo

STATED = {"name": CANDLESTICKS.name, "version": "0.0.1", "usable_from": "2000-01-01", "lift_status": "lift"}


@pytest.fixture(scope="module")
def marks(spx: Bars) -> Sequence[Event]:
    return events_of(spx, CANDLESTICKS.plans())


@pytest.fixture(scope="module")
def model(spx: Bars, marks: Sequence[Event], tmp_path_factory: pytest.TempPathFactory) -> Model:
    examples, _ = examples_of(spx, "SPX", marks, CANDLESTICKS.setups)
    made = fit(examples, rounds=20)
    stored = Fit(made.booster, made.baseline, (1.0, 1.0))
    folder: Path = tmp_path_factory.mktemp("model")
    write(folder, stored, {**STATED, "golden": golden(stored, examples.features)}, "")
    return read(folder)


def test_no_pattern_of_the_catalogue_is_of_two_families() -> None:
    categories = [category for family in FAMILIES.values() for category in family.categories]
    assert len(categories) == len(set(categories))
    found = {entry.category for entry in ENTRIES.values() if entry.kind == "pattern"}
    assert found - set(categories) == {"wyckoff", "levels"}  # which state no target


def test_each_event_is_of_the_family_that_looked_for_it(spx: Bars, marks: Sequence[Event]) -> None:
    assert {family_of(event).name for event in marks} == {CANDLESTICKS.name}
    assert {family_of(event).name for event in events_of(spx, PATTERNS.plans())} == {PATTERNS.name}


def test_candlesticks_are_won_and_lost_two_ranges_from_the_entry(spx: Bars, marks: Sequence[Event]) -> None:
    examples, counts = examples_of(spx, "SPX", marks, CANDLESTICKS.setups)
    late = [event for event in marks if event.bar >= BARS_NEEDED]
    assert counts["no_side"] == sum(event.side == "neutral" for event in late) > 100
    assert counts["no_target"] == counts["no_stop"] == 0
    sided = [event for event in late if event.side != "neutral" and event.bar + LIFE < len(spx)]
    found = measured(symmetric(sided, spx, 2.0, 20), spx)
    assert len(examples) == len(sided)
    for label, end in ((TARGET, Outcome.TARGET), (STOP, Outcome.STOP), (TIMEOUT, Outcome.TIMEOUT)):
        assert np.count_nonzero(examples.label == label) == np.count_nonzero(found.ends == end) > 0
    assert examples.chance[:, 0] == pytest.approx(examples.chance[:, 1])


def test_whole_days_of_a_symbol_are_drawn_and_every_weekday_is_among_them(marks: Sequence[Event]) -> None:
    def days(events: Sequence[Event]) -> set[int]:
        return {event.confirmed_at // DAY_NS for event in events}

    drawn = CANDLESTICKS.drawn("SPX", marks)
    assert [event.id for event in drawn] == [event.id for event in marks if days([event]) <= days(drawn)]
    assert {day % 7 for day in days(drawn)} == {day % 7 for day in days(marks)}
    assert len(days(marks)) / 30 < len(days(drawn)) < len(days(marks)) / 20
    assert days(drawn) != days(CANDLESTICKS.drawn("AAPL", marks))
    assert PATTERNS.drawn("SPX", marks) is marks


def test_a_training_set_of_candlesticks_is_measured_one_way() -> None:
    bars = [demo(symbol, 3_000) for symbol in ("AAPL", "SPX")]
    made = of_series(iter(bars), CANDLESTICKS)
    assert made.family is CANDLESTICKS
    assert made.alike is made.stated
    assert set(made.stated.family) == {"candlesticks"}
    assert 100 < len(made.stated) < 400


def test_an_event_is_told_by_what_is_known_at_its_bar(model: Model, spx: Bars, marks: Sequence[Event]) -> None:
    for event in [one for one in marks if one.bar > BARS_NEEDED and one.side != "neutral"][::400]:
        (whole,) = predict([Asked(spx, [event])], model, family=CANDLESTICKS)
        (cut,) = predict([Asked(spx[: event.bar + 1], [event])], model, family=CANDLESTICKS)
        assert whole == cut
        assert whole[0].odds is not None


def test_a_neutral_one_has_no_odds_and_a_reason(model: Model, spx: Bars, marks: Sequence[Event]) -> None:
    (found,) = predict([Asked(spx, marks)], model, family=CANDLESTICKS)
    for event, one in zip(marks, found, strict=True):
        if event.side == "neutral":
            assert (one.odds, one.chance, one.reason) == (None, None, "no_side")
        elif event.bar >= BARS_NEEDED:
            assert one.odds is not None
            assert one.chance is not None
            assert one.chance.target == pytest.approx(one.chance.stop)
            assert one.reason is None
            assert sum(one.odds[:3]) == pytest.approx(1.0)


def test_prices_that_an_event_states_do_not_count(model: Model, spx: Bars, marks: Sequence[Event]) -> None:
    event = next(one for one in marks if one.bar > BARS_NEEDED and one.side == "bullish")
    other = replace(event, targets=(1.0,), stop=1e9)
    ((one,),) = predict([Asked(spx, [event])], model, family=CANDLESTICKS)
    ((same,),) = predict([Asked(spx, [other])], model, family=CANDLESTICKS)
    assert one.odds == same.odds


def test_without_a_model_chance_is_answered(spx: Bars, marks: Sequence[Event]) -> None:
    (found,) = predict([Asked(spx, marks)], None, "checksum", family=CANDLESTICKS)
    told = [one for one in found if one.odds is not None]
    assert len(told) > 1_000
    assert {(one.reason, one.model_status) for one in told} == {("checksum", "degraded")}
    assert all(one.odds[:3] == pytest.approx(one.chance[:3]) for one in told if one.odds and one.chance)
