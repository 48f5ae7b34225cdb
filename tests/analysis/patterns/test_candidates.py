"""Targets of events: prices that can be reached, and none where they cannot."""

import numpy as np
import pytest

from analysis import Plan, run
from analysis.bars import Bars
from analysis.validation import series
from analysis.validation.entry_checks import LATER_NS
from analysis.validation.synthetic.paths import DAY_NS
from tests.analysis.shipped import demo


def falling_flags() -> Bars:
    """Return bars that fall by two thirds, pause, and fall on: a pole higher than what is left of the price."""
    rng = np.random.default_rng(4)
    legs = [np.full(40, 100.0), np.linspace(100, 28, 9), np.linspace(31, 33, 12), np.linspace(30, 10, 9)]
    close = np.concatenate(legs) + rng.normal(0, 0.4, 70)
    before = np.concatenate((close[:1], close[:-1]))
    high, low = np.maximum(close, before) + 0.5, np.minimum(close, before) - 0.5
    time = np.arange(70, dtype=np.int64) * DAY_NS
    return Bars(time=time, open=before, high=high, low=low, close=close, timeframe="1d")


def test_a_target_that_is_no_price_is_none() -> None:
    plan = Plan.parse(["bear_flag", "pennant"])
    (event,) = [event for event in run(plan, falling_flags(), now_ns=LATER_NS).events if event.bar > 48]
    assert event.targets == ()
    assert event.remaining_to_target is None
    assert event.reached_before_confirmation is None
    assert "targets" not in event.to_dict() or not event.to_dict()["targets"]


@pytest.mark.parametrize("group", ["chart_patterns", "harmonic", "divergence"])
def test_every_target_is_a_price(group: str) -> None:
    for bars in (demo("IXIC", 5_031), series.rough(2_000), series.scaled(series.rough(2_000), 1e-6)):
        for event in run(Plan.parse([group]), bars, now_ns=LATER_NS).events:
            assert all(target > 0 for target in event.targets)


def test_no_divergence_states_a_target_that_price_has_passed() -> None:
    without = 0
    for symbol in ("AAPL", "IXIC"):
        events = run(Plan.parse(["divergence"]), demo(symbol, 3_000), now_ns=LATER_NS).events
        assert not any(event.reached_before_confirmation for event in events)
        without += sum(not event.targets for event in events)
        for event in events:
            if event.targets:
                assert event.remaining_to_target is not None
                assert event.remaining_to_target > 0
    assert without > 10
