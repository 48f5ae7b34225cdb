"""What an event would have come to: every case by hand, and against the closed form on walks."""

from math import nan
from typing import Any

import numpy as np
import pytest

from analysis import Bars, Plan, run
from analysis.events import Event
from analysis.kernels.random_walk import first_passage
from analysis.outcomes import Outcome, by_chance, measured, stated, symmetric
from analysis.validation.ground_truth import LATER_NS
from analysis.validation.surrogates import gaussian_walk
from analysis.validation.synthetic.paths import PER_BAR
from tests.analysis.shipped import demo

DAY = 86_400_000_000_000
CALM = (100.0, 101.0, 99.0, 100.0)


def bars_of(*rows: tuple[float, float, float, float]) -> Bars:
    """Return daily bars: the confirming one, and these after it."""
    table = np.array([CALM, *rows])
    names = ("open", "high", "low", "close")
    columns = {name: table[:, place].copy() for place, name in enumerate(names)}
    return Bars(time=DAY * np.arange(len(table)), **columns, timeframe="1d")


def event(**changed: Any) -> Event:
    """Return a bullish event, confirmed on the first bar at 100: target 110, stop 95, three bars to live."""
    given: dict[str, Any] = {"side": "bullish", "targets": (110.0, 130.0), "stop": 95.0, "life": 3}
    given |= {"name": "double_bottom", "kind": "chart_pattern", "score": 1.0, "bar": 0} | changed
    return Event(**given, formed_at=0, confirmed_at=0, entry_reference=100.0)


def one(bars: Bars, **changed: Any) -> tuple[Outcome, int, float, float]:
    """Return outcome, bar, exit and R of one event."""
    found = measured(stated([event(**changed)], bars), bars)
    return Outcome(found.ends[0]), int(found.bars[0]), float(found.exits[0]), float(found.r[0])


def test_the_first_target_is_met() -> None:
    assert one(bars_of(CALM, (101, 111, 100, 102))) == (Outcome.TARGET, 2, 110.0, 2.0)


def test_both_in_one_bar_is_the_stop() -> None:
    assert one(bars_of((100, 111, 94, 105))) == (Outcome.STOP, 1, 95.0, -1.0)


def test_a_gap_is_filled_at_the_open() -> None:
    assert one(bars_of(CALM, (90, 92, 88, 91))) == (Outcome.STOP, 2, 90.0, -2.0)
    # It opens beyond the target: that comes before whatever else the bar does.
    assert one(bars_of(CALM, (115, 116, 90, 91))) == (Outcome.TARGET, 2, 115.0, 3.0)


def test_time_is_over_at_the_close_of_the_last_bar_of_its_life() -> None:
    assert one(bars_of(CALM, CALM, (100, 103, 99, 102), (102, 111, 100, 110))) == (Outcome.TIMEOUT, 3, 102.0, 0.4)


def test_where_the_bars_end_nothing_is_known() -> None:
    assert one(bars_of())[:2] == (Outcome.PENDING, -1)
    assert one(bars_of(CALM, CALM))[:2] == (Outcome.PENDING, -1)


def test_the_entry_is_the_next_open_and_what_is_passed_there_is_counted_apart() -> None:
    assert one(bars_of((110, 112, 109, 111)))[:2] == (Outcome.TARGET_PASSED, -1)
    assert one(bars_of((95, 112, 94, 111)))[:2] == (Outcome.STOP_PASSED, -1)
    found = measured(stated([event()], bars := bars_of((104, 112, 103, 111))), bars)
    assert found.entries.tolist() == [104.0]
    assert found.r[0] == pytest.approx(6 / 9)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"targets": ()}, Outcome.NO_TARGET),
        ({"stop": None}, Outcome.NO_STOP),
        ({"side": "neutral"}, Outcome.NO_SIDE),
        ({"reached_before_confirmation": True}, Outcome.REACHED_BEFORE),
    ],
)
def test_what_cannot_be_won_or_lost_is_counted_apart_by_its_reason(changed: dict[str, Any], why: Outcome) -> None:
    bars = bars_of(CALM, (101, 111, 100, 102))
    assert one(bars, **changed)[:2] == (why, -1)
    assert np.isnan(by_chance(stated([event(**changed)], bars), bars)).all()


def test_a_bearish_event_is_its_mirror() -> None:
    mirrored = {"side": "bearish", "targets": (90.0,), "stop": 105.0}
    assert one(bars_of(CALM, (99, 100, 89, 98)), **mirrored) == (Outcome.TARGET, 2, 90.0, 2.0)
    assert one(bars_of(CALM, (112, 113, 89, 98)), **mirrored) == (Outcome.STOP, 2, 112.0, -2.4)


def test_symmetric_setups_are_as_far_from_the_entry_on_either_side() -> None:
    bars = demo("SPX", 600)
    events = run(Plan.parse(["patterns"]), bars, now_ns=LATER_NS).events
    setups = symmetric(events, bars)
    found = measured(setups, bars)
    entered = ~np.isnan(found.entries) & (setups.apart < 0)
    away = np.abs(np.column_stack((setups.targets, setups.stops)) - found.entries[:, np.newaxis])[entered]
    assert away[:, 0] == pytest.approx(away[:, 1])
    assert set(found.ends[setups.sides == 0]) == {Outcome.NO_SIDE}


def test_a_failed_event_is_measured_on() -> None:
    """`failed` ends the history: the close fell through what bore the shape, but not through the stop."""
    later = []
    for symbol in ("SPX", "IXIC", "AAPL", "IBM", "MSFT"):
        bars = demo(symbol, 6_000)
        events = run(Plan.parse(["chart_patterns"]), bars, now_ns=LATER_NS).events
        failed = [
            event for event in events if event.history[-1].status == "failed" and not event.reached_before_confirmation
        ]
        found = measured(stated(failed, bars), bars)
        entered = ~np.isnan(found.r)
        later += (found.bars > np.array([event.history[-1].bar for event in failed]))[entered].tolist()
    assert len(later) > 10
    assert np.mean(later) > 0.9


def test_outcomes_never_need_more_than_their_own_bars() -> None:
    """Cut after the last bar of a life the outcome is the same; what is known at confirmation needs no later bar."""
    bars = demo("IXIC", 1_500)
    events = [one for one in run(Plan.parse(["patterns"]), bars, now_ns=LATER_NS).events if one.targets][:60]
    whole, chance = measured(stated(events, bars), bars), by_chance(stated(events, bars), bars)
    for place, one in enumerate(events):
        cut = bars[: one.bar + (one.life or 0) + 1]
        assert measured(stated([one], cut), cut).ends[0] == whole.ends[place]
        known = bars[: one.bar + 1]
        before = [float(part[0]) for part in by_chance(stated([one], known), known)]
        assert before == pytest.approx([part[place] for part in chance], abs=0, rel=0, nan_ok=True)


def test_on_walks_the_outcomes_are_those_of_the_closed_form() -> None:
    """With the walk's own volatility; the one taken from ranges of 60 steps is a tenth too small, so fewer resolve."""
    ends, by_truth, by_range = np.zeros(2), np.zeros(2), np.zeros(2)
    count = 0
    for seed in range(8):
        bars = gaussian_walk(5_000, np.random.default_rng(seed))
        events = [
            event(bar=bar, side=side, targets=(bars.close[bar] + sign * up,), stop=bars.close[bar] - sign * 3, life=20)
            for bar in range(60, 4_900, 25)
            for side, sign in (("bullish", 1), ("bearish", -1))
            for up in (2.0, 5.0)
        ]
        setups = stated(events, bars)
        found = measured(setups, bars)
        count += len(events)
        ends += [(found.ends == kind).sum() for kind in (Outcome.TARGET, Outcome.STOP)]
        truth = first_passage(setups.to_target, setups.to_stop, np.full(len(events), 20 * PER_BAR**2))
        by_truth += [part.sum() for part in truth]
        by_range += [part.sum() for part in by_chance(setups, bars)]
    assert ends / count == pytest.approx(by_truth / count, abs=0.015)
    assert ends / count == pytest.approx(by_range / count, abs=0.035)


def test_no_events_are_no_outcomes() -> None:
    bars = bars_of(CALM)
    for setups in (stated([], bars), symmetric([], bars)):
        found = measured(setups, bars)
        assert len(found.ends) == 0
        assert not found.is_measured.any()


def test_a_side_that_is_not_stated_has_no_gain() -> None:
    found = measured(stated([event(side="neutral", stop=nan)], bars := bars_of(CALM)), bars)
    assert np.isnan(found.r).all()
