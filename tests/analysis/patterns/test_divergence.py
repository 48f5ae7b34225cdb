"""Divergences: what price and oscillator do at two pivots decides the name; known when the second is a pivot."""

import pytest

from analysis.errors import PlanError
from analysis.plan import Plan
from tests.analysis.patterns.shapes import bars_at, found

# A fast fall, a rally, then a slow fall to a slightly lower low: RSI stands higher there.
WEAKER = ([0, -20, -10, -21.5, -5], [1, 14, 40, 20])
# A dip on the way up, a new high, then a long fall that stops above the dip: RSI stands lower there.
DEEPER = ([0, 30, 24, 34, 25, 32], [30, 10, 14, 10, 10])


def mirrored(shape: tuple[list[int], list[int]]) -> tuple[list[int], list[int]]:
    prices, least = shape
    return [-price for price in prices], least


@pytest.mark.parametrize(
    ("shape", "name", "side"),
    [
        (WEAKER, "regular_bullish_divergence", "bullish"),
        (mirrored(WEAKER), "regular_bearish_divergence", "bearish"),
        (DEEPER, "hidden_bullish_divergence", "bullish"),
        (mirrored(DEEPER), "hidden_bearish_divergence", "bearish"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_kind_is_found_at_its_two_pivots_and_no_other_there(shape, name, side) -> None:  # type: ignore[no-untyped-def]
    events, turns = found("divergence", *shape)
    pivots = [turns[-4], turns[-2]]
    mine = [event for event in events if bars_at(event) == pivots]
    assert [(event.name, event.side) for event in mine] == [(name, side)]
    assert mine[0].bar == pivots[1] + 5
    assert mine[0].source == "rsi"


def test_its_target_is_the_reaction_between_and_its_stop_beyond_the_second_pivot() -> None:
    events, _ = found("regular_bullish_divergence", *WEAKER)
    event = events[-1]
    assert event.ratios is not None
    assert event.ratios["oscillator_2"] > event.ratios["oscillator_1"] + 2
    first, second = (point.price for point in event.points)
    assert second < first
    assert event.stop is not None
    assert event.stop < second
    assert event.targets[0] == pytest.approx(first + 10, abs=0.01)


@pytest.mark.parametrize("oscillator", ["macd_histogram", "stochastic_k", "williams_r", "roc"])
def test_other_oscillators_see_the_same_weaker_low(oscillator: str) -> None:
    events, turns = found(f"regular_bullish_divergence(oscillator={oscillator})", *WEAKER)
    assert bars_at(events[-1]) == [turns[0], turns[2]]
    assert events[-1].source != "rsi"


def test_pivots_further_apart_than_asked_are_not_compared() -> None:
    events, _ = found("regular_bullish_divergence(most_bars=20)", *WEAKER)
    assert events == []


def test_an_oscillator_nobody_knows_is_refused_with_those_there_are() -> None:
    with pytest.raises(PlanError, match="stochastic_k"):
        Plan.parse(["regular_bullish_divergence(oscillator=astrology)"])
