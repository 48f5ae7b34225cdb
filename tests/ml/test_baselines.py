"""Baselines: chance where outcomes are chance, the family where a name is rare."""

import json
from dataclasses import replace

import numpy as np
import pytest

from ml.baselines import FEW, OWN, Baseline, chance_margins, forecast
from ml.examples import TARGET, TIMEOUT, Examples


def drawn(examples: Examples, seed: int = 1) -> Examples:
    """Return the events with outcomes drawn from their own chance, many times over."""
    many = examples.take(np.tile(np.arange(len(examples)), 20))
    ends = np.cumsum(many.chance, axis=1)
    at = np.random.default_rng(seed).random(len(many))
    label = np.where(at < ends[:, 0], 0, np.where(at < ends[:, 1], 1, 2))
    return replace(many, label=label)


def test_where_outcomes_are_chance_the_blend_is_chance(real: Examples) -> None:
    examples = drawn(real)
    made = Baseline.of(examples, np.ones(len(examples)))
    told, chance = forecast(made.margins(examples)), forecast(chance_margins(examples.chance))
    assert np.abs(told - chance).mean() < 0.01
    assert [line[1] for line in made.lines] == pytest.approx([1.0, 1.0], abs=0.05)


def test_where_outcomes_have_nothing_of_chance_the_rate_is_said_in_its_place(real: Examples) -> None:
    many = real.take(np.tile(np.arange(len(real)), 20))
    examples = replace(many, label=np.random.default_rng(1).choice(3, len(many), p=(0.5, 0.3, 0.2)))
    made = Baseline.of(examples, np.ones(len(examples)))
    assert [line[1] for line in made.lines] == [0.0, 0.0]
    told = forecast(made.margins(examples))
    assert np.abs(told - (0.5, 0.3, 0.2)).mean() < 0.02
    assert Baseline.read(json.loads(json.dumps(made.to_dict()))) == made


def test_a_few_events_choose_no_line(real: Examples) -> None:
    few = replace(real, label=np.random.default_rng(1).integers(0, 3, len(real))).take(np.arange(FEW))
    assert all(line[1] != 0 for line in Baseline.of(few, np.ones(len(few))).lines)
    assert Baseline.of(few.take(np.arange(0)), np.ones(0)).lines == ((0.0, 1.0), (0.0, 1.0))


def test_forecasts_are_probabilities_and_chance_comes_back(real: Examples) -> None:
    told = forecast(chance_margins(real.chance))
    assert told.sum(axis=1) == pytest.approx(1.0)
    assert told[:, :2] == pytest.approx(real.chance, abs=1e-5)


def test_a_pattern_that_does_better_than_chance_is_shifted_up(real: Examples) -> None:
    examples = drawn(real)
    lucky = (examples.name == "bull_flag") & (examples.label != TIMEOUT)
    made = Baseline.of(replace(examples, label=np.where(lucky, TARGET, examples.label)), np.ones(len(examples)))
    assert made.names["bull_flag"].direction_shift > 1.0
    assert abs(made.names["bear_flag"].direction_shift) < 0.5


def test_a_rare_name_is_read_as_its_family_and_says_so(real: Examples) -> None:
    made = Baseline.of(real, np.ones(len(real)))
    assert made.names["gartley"].count < OWN
    assert made.group("gartley", "harmonic") == (made.whole, "all")
    assert made.group("cup_with_handle", "chart_patterns")[1] == "family"
    often = Baseline.of(Examples.joined([real] * 20), np.ones(20 * len(real)))
    assert often.group("bull_flag", "chart_patterns") == (often.names["bull_flag"], "name")
    assert made.group("never_seen", "no_family") == (made.whole, "all")


def test_a_few_wins_do_not_make_a_rate(real: Examples) -> None:
    few = real.take(np.flatnonzero(real.name == "double_top")[:5])
    rest = real.take(real.name != "double_top")
    both = Examples.joined([replace(few, label=np.zeros(5, np.int64)), rest])
    made = Baseline.of(both, np.ones(len(both)))
    assert made.names["double_top"].target < made.whole.target + 0.05


def test_a_card_carries_it(real: Examples) -> None:
    made = Baseline.of(real, real.weight)
    back = Baseline.read(json.loads(json.dumps(made.to_dict())))
    assert back == made
    assert (back.margins(real) == made.margins(real)).all()
    assert back.rates(real).sum(axis=1) == pytest.approx(1.0)
