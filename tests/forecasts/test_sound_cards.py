"""What answers read of a card is held against what it should be, whatever stands there."""

import json
from typing import Any

import pytest

from forecasts.loading import NOT_A_CARD
from forecasts.sound_cards import demand_answerable
from ml.artifact import CARD
from ml.errors import ModelRefused
from ml.family import FAMILIES
from tests.analysis.shipped import ROOT

ROWS = [[0.1, 0.5, 0.9]] * 5


def card_of(name: str = "pattern_outcome") -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROOT / "ml_models" / name / FAMILIES[name].version / CARD).read_text())
    return found


def is_refused(card: dict[str, Any]) -> bool:
    try:
        demand_answerable(card)
    except (ModelRefused, *NOT_A_CARD):
        return True
    return False


@pytest.mark.parametrize("name", FAMILIES)
def test_the_cards_that_ship_are_sound(name: str) -> None:
    demand_answerable(card_of(name))


@pytest.mark.parametrize(
    ("path", "values"),
    [
        (["usable_from"], [None, 5, [], "x", "20180307", "2018-W10-3", "0001-01-01", "9999-12-31", "2018-03-07\n"]),
        (["timeframes"], [None, 5, "1d", [5], {"1d": 1}]),
        (["lift_status"], [None, 5, [], {}, "a lot", "lift "]),
        (["ranges"], [None, 5, [], {}, "x"]),
        (["ranges", "quantiles"], [None, [0.1, 0.9], "x"]),
        (["ranges", "horizons"], [None, [5, 10]]),
        (["ranges", "up"], [None, [], ROWS[:4], [[0.1, 0.5]] * 5, [[0.9, 0.5, 0.1]] * 5, [["a", "b", "c"]] * 5]),
        (
            ["ranges", "down", 4],
            [None, "abc", [0.1, 0.5, None], [0.1, 0.5, float("nan")], [0.1, 0.5, 10**400], [0, 1, 1e9]],
        ),
        (["ranges", "coverage"], [None, {}, {"up": ROWS}, {"up": ROWS, "down": [[0.1, 0.5, 9]] * 5}]),
        (["base_rates"], [None, 5, [5], [{}], "x"]),
        (["base_rates", 0, "name"], [None, []]),
        (["base_rates", 0, "verdict"], [None, "no", "\ud800"]),
        (["base_rates", 0, "events"], [None, 10**30]),
        (["base_rates", 0, "target"], [None, "0.5", True, float("inf")]),
        (["base_rates", 0, "interval"], [None, [0.1], [0.1, None]]),
        (["resolution_days"], [None, [], {"harmonic": "long"}, {"harmonic": None}]),
        (["reference"], [None, [], {"other": {}}]),
        (
            ["reference", "above_average_10"],
            [None, {}, {"edges": [1], "shares": [0.5]}, {"edges": ["x"], "shares": [0, 0, 1]}],
        ),
    ],
)
def test_something_else_in_it_is_refused(path: list[Any], values: list[Any]) -> None:
    for value in values:
        card = card_of()
        inner = card
        for name in path[:-1]:
            inner = inner[name]
        assert isinstance(inner, list) or path[-1] in inner
        inner[path[-1]] = value
        assert is_refused(card), f"{path} = {value!r}"


@pytest.mark.parametrize("missing", ["usable_from", "timeframes", "lift_status", "ranges"])
def test_what_every_answer_needs_must_be_there(missing: str) -> None:
    card = card_of()
    del card[missing]
    assert is_refused(card)
    for optional in ("base_rates", "resolution_days", "reference"):
        card = card_of("candlestick_outcome")
        del card[optional]
        demand_answerable(card)
