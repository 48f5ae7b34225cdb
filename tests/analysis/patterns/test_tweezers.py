"""Tweezers: what is one, looked for again in plain Python, and what is none."""

import numpy as np
import pytest

from analysis import Bars, Plan, run
from analysis.validation.entry_checks import LATER_NS
from tests.analysis.shipped import demo
from tests.bars import DAY_NS, FIRST_NS


def found(bars: Bars, name: str) -> list[int]:
    return [event.bar for event in run(Plan.parse([name]), bars, now_ns=LATER_NS).events]


@pytest.mark.parametrize(("name", "side"), [("tweezers_top", -1), ("tweezers_bottom", 1)])
def test_they_are_those_that_a_plain_search_finds(name: str, side: int) -> None:
    bars = demo("AAPL", 2_000)
    rows = list(zip(*(getattr(bars, one).tolist() for one in ("open", "high", "low", "close")), strict=True))
    expected = []
    for bar in range(6, len(rows)):
        (open1, high1, low1, close1), (open2, high2, low2, close2) = rows[bar - 1], rows[bar]
        equal = 0.05 * sum(high - low for _, high, low, _ in rows[bar - 6 : bar - 1]) / 5
        if side > 0 and close1 < open1 and close2 >= open2 and abs(low1 - low2) <= equal:
            expected.append(bar)
        if side < 0 and close1 >= open1 and close2 < open2 and abs(high1 - high2) <= equal:
            expected.append(bar)
    assert found(bars, name) == expected
    assert len(expected) > 20


@pytest.mark.parametrize(
    ("first", "second", "count"),
    [
        ((10.0, 12.0, 9.5, 11.5), (11.5, 12.0, 10.0, 10.5), 1),
        ((10.0, 12.0, 9.5, 11.5), (11.5, 12.05, 10.0, 10.5), 1),
        ((10.0, 12.0, 9.5, 11.5), (11.5, 12.2, 10.0, 10.5), 0),  # not equal
        ((11.5, 12.0, 9.5, 10.0), (11.5, 12.0, 10.0, 10.5), 0),  # the first is black
        ((10.0, 12.0, 9.5, 11.5), (10.5, 12.0, 10.0, 11.5), 0),  # the second is white
    ],
)
def test_a_white_bar_and_a_black_one_with_equal_highs_are_a_top(
    first: tuple[float, ...], second: tuple[float, ...], count: int
) -> None:
    table = np.array([(10.0, 11.0, 9.0, 10.5)] * 10 + [first, second], np.float64)  # a range of 2: equal within 0.1
    open_, high, low, close = (np.ascontiguousarray(table[:, at]) for at in range(4))
    time = FIRST_NS + DAY_NS * np.arange(len(table), dtype=np.int64)
    bars = Bars(time=time, open=open_, high=high, low=low, close=close, timeframe="1d")
    assert len(found(bars, "tweezers_top")) == count
    turned = Bars(time=time, open=20 - open_, high=20 - low, low=20 - high, close=20 - close, timeframe="1d")
    assert len(found(turned, "tweezers_bottom")) == count
