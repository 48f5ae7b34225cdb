"""TA-Lib's candlesticks are told by proportions alone, so they are called on prices as they are."""

import numpy as np
import pytest

from analysis import Plan, run
from analysis.patterns.candlestick_names import BARS, FUNCTIONS
from analysis.validation import series
from tests.analysis.shipped import demo

PLAN = Plan.parse(["candlesticks"])


@pytest.mark.parametrize("price", [2.0**-60, 2.0**-27, 2.0**40])
def test_a_candlestick_is_the_same_in_any_currency(price: float) -> None:
    bars = series.rough(700)
    plain, other = run(PLAN, bars).events, run(PLAN, series.scaled(bars, price)).events
    assert [event.stored() for event in plain] == [event.stored() for event in other]
    assert len(plain) > 500


def test_the_last_bars_events_are_those_of_the_whole_run() -> None:
    bars = series.rough(700)
    whole = run(PLAN, bars).events
    last = run(PLAN, bars, output=3).events
    assert [event.id for event in last] == [event.id for event in whole if event.bar >= len(bars) - 3]
    assert all(np.diff([event.confirmed_at for event in whole]) >= 0)


def average(close: list[float]) -> list[float]:
    """Return EMA(10), seeded with the mean of the first ten closes; the closes themselves before it."""
    found = [*close[:9], sum(close[:10]) / 10]
    for value in close[10:]:
        found.append(found[-1] + 2 / 11 * (value - found[-1]))
    return found


@pytest.mark.parametrize("name", ["hammer", "engulfing", "morning_star", "stick_sandwich", "doji", "hikkake"])
def test_a_trend_before_is_the_close_before_its_first_bar_against_its_average(name: str) -> None:
    bars = demo("AAPL", 2_500)
    close = bars.close.tolist()
    ema, width = average(close), BARS.get(name, 1)
    whole, up, down = (
        [(event.bar, event.side) for event in run(Plan.parse([text]), bars).events]
        for text in (name, f"{name}(trend=up)", f"{name}(trend=down)")
    )
    known = [one for one in whole if one[0] - width >= 9]
    assert up == [one for one in known if close[one[0] - width] > ema[one[0] - width]]
    assert down == [one for one in known if close[one[0] - width] < ema[one[0] - width]]
    assert up
    assert down


def test_about_half_of_all_hammers_come_after_a_rise() -> None:
    bars = demo("AAPL", 3_270)
    counts = {one: len(run(Plan.parse([f"hammer(trend={one})"]), bars).events) for one in ("any", "up", "down")}
    assert 0.35 < counts["up"] / counts["any"] < 0.65
    assert counts["up"] + counts["down"] <= counts["any"]


def test_every_candlestick_of_several_bars_is_one_of_them() -> None:
    assert set(BARS) < set(FUNCTIONS)
    assert {name: BARS.get(name, 1) for name in ("doji", "harami", "two_crows", "modified_hikkake", "mat_hold")} == {
        "doji": 1,
        "harami": 2,
        "two_crows": 3,
        "modified_hikkake": 4,
        "mat_hold": 5,
    }
