"""High tight flags and Darvas' boxes, whose rules are percent and bars: on bars made by hand, and searched plainly."""

import numpy as np
import pytest

from analysis import Bars, Plan, run
from analysis.events import Event
from analysis.validation.entry_checks import LATER_NS
from tests.analysis.patterns.shapes import doubled
from tests.analysis.shipped import demo
from tests.bars import DAY_NS, FIRST_NS


def flags(bars: Bars, text: str = "high_tight_flag") -> list[Event]:
    return list(run(Plan.parse([text]), bars, now_ns=LATER_NS).events)


def test_a_price_that_nearly_doubles_and_pauses_is_a_high_tight_flag() -> None:
    (event,) = flags(doubled())
    assert [point.label for point in event.points] == ["pole_start", "pole_end"]
    assert [point.bar for point in event.points] == [20, 60]
    assert event.bar == 71
    levels, ratios = event.levels or {}, event.ratios or {}
    assert ratios["rise"] == pytest.approx(0.95, abs=0.001)
    assert ratios["given_back"] == pytest.approx(0.1, abs=0.001)
    assert ratios["pause_bars"] == 10
    assert event.targets == pytest.approx((levels["flag_low"] + 0.5 * 95.0,))
    assert event.stop == levels["flag_low"]


@pytest.mark.parametrize(
    ("made", "count"),
    [
        ({}, 1),
        ({"rise": 0.85}, 0),
        ({"pole": 44}, 0),
        ({"back": 0.24}, 1),
        ({"back": 0.26}, 0),
        ({"pause": 3}, 1),
        ({"pause": 2}, 0),
        ({"pause": 25}, 1),
        ({"pause": 26}, 0),
    ],
)
def test_each_number_of_the_rule_decides(made: dict[str, float], count: int) -> None:
    assert len(flags(doubled(**made))) == count  # type: ignore[arg-type]


def test_a_flag_is_told_at_the_close_above_it_and_not_by_a_high() -> None:
    bars = doubled()
    assert flags(bars[:71]) == []
    assert len(flags(bars[:72])) == 1
    close = bars.close.copy()
    close[71:] = 194.0  # the highs of these bars are above the pole's
    low = np.minimum(bars.low, close)
    made = Bars(time=bars.time, open=bars.open, high=bars.high, low=low, close=close, timeframe="1d")
    assert flags(made) == []


def plain_boxes(bars: Bars, new_high: int, hold: int) -> list[tuple[int, int, int]]:
    """Every new high looked at in its turn: what came after it, bar by bar."""
    high, low, close = bars.high.tolist(), bars.low.tolist(), bars.close.tolist()
    found, bar = [], new_high
    while bar < len(close):
        if high[bar] <= max(high[bar - new_high : bar]):
            bar += 1
            continue
        top, at = bar, bar + 1
        while at < len(close) and high[at] <= high[top]:
            since = low[top + 1 : at + 1]
            bottom = top + 1 + since.index(min(since))
            at += 1
            if at - 1 - bottom >= hold:
                while at < len(close) and low[bottom] <= close[at] <= high[top]:
                    at += 1
                if at < len(close) and close[at] > high[top]:
                    found.append((at, top, bottom))
                break
        bar = at
    return found


@pytest.mark.parametrize(("new_high", "hold"), [(250, 3), (50, 3), (60, 5), (20, 1)])
@pytest.mark.parametrize("symbol", ["AAPL", "IXIC"])
def test_boxes_are_those_that_a_plain_search_finds(symbol: str, new_high: int, hold: int) -> None:
    bars = demo(symbol, 2_500)
    events = run(Plan.parse([f"darvas_box(new_high={new_high}, hold={hold})"]), bars, now_ns=LATER_NS).events
    found = [(event.bar, event.points[0].bar, event.points[1].bar) for event in events]
    assert found == plain_boxes(bars, new_high, hold)
    assert len(found) > 3


def test_a_box_is_known_when_its_top_is_left_and_none_when_its_bottom_is() -> None:
    rows = [(10.0 + 0.1 * n, 9.5 + 0.1 * n) for n in range(260)]  # high and low, rising
    rows += [(36.5, 35.0), (36.0, 34.0), (35.5, 34.5), (35.8, 34.6), (36.2, 34.8)]  # top, bottom, three bars
    for last, expected in (((38.0, 36.0), [265]), ((34.5, 33.0), [])):
        high, low = np.array([*rows, last], np.float64).T.copy()
        close = np.where(np.arange(len(high)) == len(high) - 1, (high + low) / 2, low)
        time = FIRST_NS + DAY_NS * np.arange(len(high), dtype=np.int64)
        bars = Bars(time=time, open=low, high=high, low=low, close=close, timeframe="1d")
        events = run(Plan.parse(["darvas_box"]), bars, now_ns=LATER_NS).events
        assert [event.bar for event in events if event.bar > 262] == expected
