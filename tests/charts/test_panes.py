"""Which columns lie over the candles, which below, and on which bars."""

from typing import Any

import numpy as np
import pytest

from analysis import Bars, Plan
from charts.panes import MAX_OVERLAYS, MAX_PANES, missing_oscillators, place

MS = 86_400_000


def bars_of(begin: int, end: int) -> Bars:
    price = np.full(end - begin, 5.0)
    time = MS * 1_000_000 * np.arange(begin, end, dtype=np.int64)
    return Bars(time=time, open=price, high=price, low=price, close=price, timeframe="1d")


def placed(analyses: list[Any]) -> tuple[list[str], list[str]]:
    """Return the names of the columns over the candles and below them."""
    plan = Plan.parse(analyses)
    columns = {key: [1.0, 2.0] for item in plan.items for key in item.keys}
    over, below = place(plan, columns, [0, MS], bars_of(0, 2))
    return list(over), list(below)


@pytest.mark.parametrize(
    ("analysis", "over", "below"),
    [
        ("sma(5)", ["sma(period=5)"], []),
        ("rsi", [], ["rsi"]),
        ("bollinger_bands.upper", ["bollinger_bands.upper"], []),
        ("sma(rsi, 5)", [], ["sma(rsi, period=5)"]),
        ("close > sma(5)", [], ["close > sma(period=5)"]),
        ("double_top", [], []),
    ],
)
def test_what_is_in_units_of_the_price_lies_over_it(analysis: str, over: list[str], below: list[str]) -> None:
    assert placed([analysis]) == (over, below)


def test_no_more_are_drawn_than_can_be_read() -> None:
    over, below = placed([f"{name}({period})" for period in range(2, 12) for name in ("sma", "rsi")])
    assert (len(over), len(below)) == (MAX_OVERLAYS, MAX_PANES)


def test_bars_without_a_value_are_unknown() -> None:
    over, _ = place(Plan.parse(["sma(2)"]), {"sma(period=2)": [None, 7.0, 8.0]}, [MS, 2 * MS, 4 * MS], bars_of(0, 6))
    assert over["sma(period=2)"].tolist() == pytest.approx([np.nan, np.nan, 7, np.nan, 8, np.nan], nan_ok=True)


def test_columns_that_the_result_does_not_have_are_not_drawn() -> None:
    assert place(Plan.parse(["sma(2)", "rsi"]), {}, [0], bars_of(0, 2)) == ({}, {})


def test_oscillators_of_events_are_missing_once_each_and_only_if_not_drawn() -> None:
    events = [{"of": name} for name in ("rsi", None, "macd", "macd", "cci", "mfi")] + [{}]
    assert missing_oscillators(events, ["rsi"]) == ["macd", "cci"]
