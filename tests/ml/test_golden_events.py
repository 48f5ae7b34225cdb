"""A model is stale once events, or what it is told of them, are others than when it was trained; not for a comment."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from analysis.catalog.registry import ENTRIES
from analysis.patterns import (
    abcd_and_three_drives,
    boundaries,
    continuations,
    divergence,
    elliott,
    harmonic,
    reversals,
)
from ml import features
from ml.errors import ModelRefused
from ml.family import CANDLESTICKS, PATTERNS
from ml.golden_bars import draw, packed, unpacked
from ml.golden_events import demand_current, kept


@pytest.fixture(scope="module")
def card() -> dict[str, Any]:
    """A card that was written and read again."""
    found: dict[str, Any] = json.loads(json.dumps({"name": PATTERNS.name, "golden": kept()}))
    return found


def stale(card: dict[str, Any]) -> str:
    with pytest.raises(ModelRefused) as refused:
        demand_current(card)
    assert refused.value.code == "stale"
    return refused.value.detail


def test_every_pattern_that_is_trained_on_is_on_the_kept_bars(card: dict[str, Any]) -> None:
    found = {row[0] for row in card["golden"]["events"]}
    kinds = ("chart_patterns", "harmonic", "elliott", "divergence")
    assert found == {name for name, entry in ENTRIES.items() if entry.category in kinds}


def test_what_has_not_changed_is_current_and_small(card: dict[str, Any]) -> None:
    demand_current(card)
    assert len(json.dumps(card)) < 200_000


@pytest.mark.parametrize(
    ("module", "constant", "value", "name"),
    [
        (reversals, "BREAK", 0.5, "double_top"),
        (reversals, "BEYOND", 0.26, "head_and_shoulders"),
        (reversals, "WAIT", 0.3, "head_and_shoulders"),
        (boundaries, "BREAK", 0.5, "rising_wedge"),
        (boundaries, "WAIT", 0.25, "rectangle"),
        (continuations, "BREAK", 0.5, "flag"),
        (continuations, "RISE", 0.9, "cup_with_handle"),
        (harmonic, "BEYOND", 0.26, "gartley"),
        (abcd_and_three_drives, "EXTENSIONS", (1.27,), "three_drives"),
        (divergence, "LIFE", 59, "regular_bullish_divergence"),
        (divergence, "BEYOND", 0.251, "hidden_bearish_divergence"),
        (elliott, "BEYOND", 0.3, "elliott_abc"),
    ],
)
def test_a_rule_that_was_changed_makes_it_stale_and_is_named(
    card: dict[str, Any], monkeypatch: pytest.MonkeyPatch, module: Any, constant: str, value: Any, name: str
) -> None:
    monkeypatch.setattr(module, constant, value)
    assert name in stale(card)


def test_a_feature_that_is_computed_otherwise_makes_it_stale(
    card: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(features, "_shape", lambda event: (1.0, 1.0, 1.0, event.score * 1.01))
    told = stale(card)
    assert all(name in told for name in ("span", "delay", "points", "score"))
    assert "return_1" not in told


def test_prices_may_be_rounded_otherwise_on_another_processor(card: dict[str, Any]) -> None:
    other = json.loads(json.dumps(card))
    for row in other["golden"]["events"]:
        row[4:] = [None if price is None else price * (1 + 1e-9) for price in row[4:]]
    demand_current(other)
    other["golden"]["events"][7][5] *= 1 + 1e-5
    assert other["golden"]["events"][7][0] in stale(other)


def test_an_event_more_or_less_is_seen(card: dict[str, Any]) -> None:
    for change in (lambda rows: rows[:-1], lambda rows: [*rows, rows[-1]], lambda rows: []):
        stale({**card, "golden": {**card["golden"], "events": change(card["golden"]["events"])}})


def test_a_card_of_before_cannot_say_so_and_counts_as_stale() -> None:
    assert "train again" in stale({"golden": {"features": [], "trees": []}})


def test_bars_are_kept_to_the_last_digit() -> None:
    bars = draw()
    again = unpacked(packed(bars))
    for name in ("time", "open", "high", "low", "close", "volume"):
        np.testing.assert_array_equal(getattr(bars, name), getattr(again, name))


@pytest.mark.parametrize("part", ["bars", "told"])
@pytest.mark.parametrize("text", ["", "x", "!!!!", "AAAA", 7, None, "eJxjYGAAAAAEAAE="])
def test_what_was_damaged_is_an_error_of_the_card(card: dict[str, Any], part: str, text: Any) -> None:
    with pytest.raises((ValueError, TypeError, LookupError, ModelRefused)):
        demand_current({**card, "golden": {**card["golden"], part: text}})


def test_candlesticks_are_kept_on_fewer_bars_and_a_changed_rule_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    card = json.loads(json.dumps({"name": CANDLESTICKS.name, "golden": kept(CANDLESTICKS)}))
    demand_current(card)
    assert len(json.dumps(card)) < 220_000
    assert len({row[0] for row in card["golden"]["events"]}) > 40
    with pytest.raises(ModelRefused):
        demand_current({**card, "name": PATTERNS.name})
    other = replace(ENTRIES["tweezers_top"], detect=ENTRIES["tweezers_bottom"].detect)
    monkeypatch.setitem(ENTRIES, "tweezers_top", other)
    assert "tweezers_top" in stale(card)
