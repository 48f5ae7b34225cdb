"""The functions of the grammar that choose and look back, on columns on which one can see what they are."""

import numpy as np
import pytest

from analysis import Bars, Plan, run
from analysis.validation import series
from analysis.validation.entry_checks import LATER_NS
from tests.bars import DAY_NS

CLOSES = [4.0, 2, 3, 3, 5, 1]
# Unknown, false, true by turns: what is divided by zero is unknown.
U = "(1 / (close - 3) > -9)"


def column(text: str, closes: list[float]) -> list[float | None]:
    close = np.array(closes)
    bars = series.changed(series.flat(len(closes)), open=close, high=close, low=close, close=close)
    found = run(Plan.parse([f"x = {text}"]), bars, now_ns=LATER_NS)["x"]
    return [None if np.isnan(value) else round(float(value), 9) for value in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("abs(close - 3)", [1, 1, 0, 0, 2, 2]),
        ("max(close, 3)", [4, 3, 3, 3, 5, 3]),
        ("min(close, 3, 2.5)", [2.5, 2, 2.5, 2.5, 2.5, 1]),
        ("max(close, close[1])", [None, 4, 3, 3, 5, 5]),
        ("sum(close, 3)", [None, None, 9, 8, 11, 9]),
        ("sum(close[1], 2)", [None, None, 6, 5, 6, 8]),
        ("log(close - 2)", [0.693147181, None, 0, 0, 1.098612289, None]),
        ("sqrt(close - 2)", [1.414213562, 0, 1, 1, 1.732050808, None]),
        ("close % 3", [1, 2, 0, 0, 2, 1]),
        ("-close % 3", [-1, -2, 0, 0, -2, -1]),
        ("(0 - close) % -3", [-1, -2, 0, 0, -2, -1]),
        ("close % (close - 3)", [0, 0, None, None, 1, 1]),
        ("if(close > 2, 10, close)", [10, 2, 10, 10, 10, 1]),
        ("if(close[1] > 2, 10, 20)", [None, 10, 20, 10, 10, 10]),
        ("if(close > 2, close[1], 0)", [None, 0, 2, 3, 3, 0]),
        ("if(close > 3, close > 4, close[1] > 3)", [0, 1, 0, 0, 1, 1]),
        ("nz(close[2])", [0, 0, 4, 2, 3, 3]),
        ("nz(close[2], -1)", [-1, -1, 4, 2, 3, 3]),
        ("nz(close[2], v=close)", [4, 2, 4, 2, 3, 3]),
        ("valuewhen(close > 2, close, 0)", [4, 4, 3, 3, 5, 5]),
        ("valuewhen(close > 2, close)", [4, 4, 3, 3, 5, 5]),
        ("valuewhen(close > 2, close, n=1)", [None, None, 4, 3, 3, 3]),
        ("valuewhen(close > 2, close[1], 0)", [None, None, 2, 3, 3, 3]),
        ("valuewhen(close > 9, close, 0)", [None] * 6),
        ("rising(close)", [None, 0, 1, 0, 1, 0]),
        ("rising(close, 2)", [None, 0, 0, 0, 1, 0]),
        ("rising(close, 4)", [None, 0, 0, 0, 1, 0]),
        ("falling(close, 3)", [None, None, 0, 0, 0, 1]),
        ("percent_change(close)", [None, -50, 50, 0, 66.666666667, -80]),
        ("percent_change(close - 4, 2)", [None, None, None, 50, 200, -200]),
    ],
)
def test_what_a_function_is(text: str, expected: list[float | None]) -> None:
    assert column(text, CLOSES) == expected


def test_an_unknown_condition_makes_unknown_what_depends_on_it() -> None:
    assert column(U, CLOSES) == [1, 1, None, None, 1, 1]
    assert column(f"if({U}, 1, 2)", CLOSES) == [1, 1, None, None, 1, 1]
    # Unknown from the unknown bar on, until it holds again; the one before lies behind an unknown bar for longer.
    assert column(f"valuewhen({U}, close, 0)", CLOSES) == [4, 2, None, None, 5, 1]
    assert column(f"valuewhen({U}, close, 1)", CLOSES) == [None, 4, None, None, None, 5]
    assert column(f"valuewhen({U} and close > 4, close, 0)", CLOSES) == [None, None, None, None, 5, 5]


def test_rising_is_false_as_soon_as_one_known_value_is_no_lower() -> None:
    assert column("rising(1 / (close - 3), 2)", [5, 3, 4, 5, 3.5, 3.1]) == [None, None, None, 0, 1, 1]


def test_what_stands_in_for_an_unknown_value_counts_as_known() -> None:
    plan = Plan.parse(["x = nz(sma(50), 0)"])
    assert plan.warmup == 0
    result = run(plan, series.walk(20), now_ns=LATER_NS)
    assert result["x"].tolist() == [0.0] * 20


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("max(high, 20)", "highest(high, 20)"),
        ("min(20, low)", "lowest(low, 20)"),
        ("max(high, 0.5)", None),
        ("max(high, low)", None),
        ("max(rsi, 50)", None),
        ("max(volume, 20)", None),
    ],
)
def test_the_larger_of_a_price_and_a_whole_number_carries_a_note(text: str, meant: str | None) -> None:
    quality = run(Plan.parse([text]), series.walk(60), now_ns=LATER_NS).quality
    said = [note["detail"] for note in quality if note["code"] == "price_and_number"]
    assert [meant in detail for detail in said] == ([True] if meant else [])


def weekdays(session: object = None) -> list[float | None]:
    count = 8
    bars = Bars(
        time=np.datetime64("2024-01-06", "ns").astype(np.int64) + DAY_NS * np.arange(count),  # a Saturday
        **{name: np.ones(count) for name in ("open", "high", "low", "close")},
        timeframe="1d",
        session=session,
    )
    found = run(Plan.parse(["day_of_week"]), bars, now_ns=LATER_NS)["day_of_week"]
    return [None if np.isnan(one) else one for one in found]


def test_the_day_of_the_week_is_the_sessions() -> None:
    first = int(np.datetime64("2024-01-06").astype(int))
    assert weekdays() == [6, 7, 1, 2, 3, 4, 5, 6]
    assert weekdays(first + 1 + np.arange(8)) == [7, 1, 2, 3, 4, 5, 6, 7]
    assert weekdays(np.arange(8)) == [None] * 8  # numbers that are no dates
