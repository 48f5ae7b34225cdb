"""Pictures of bars and events: well-formed, without script, and bounded whatever they are given."""

from typing import Any

import numpy as np
import pytest

import charts
from analysis import Bars, Plan, run
from market.demo_series import demo_bars, demo_symbols
from tests.charts.given import (
    DAY_MS,
    SVG,
    WAVE,
    bars_of,
    candlestick,
    event,
    label_boxes,
    overlapping,
    parsed,
    texts,
)

LATER_NS = 4_102_444_800_000_000_000


def drawn(bars: Bars, *events: dict[str, Any], **options: Any) -> str:
    sizes = {name: options.pop(name) for name in ("width", "height") if name in options}
    return charts.draw(charts.compose(bars, events=events, **options), **sizes)


def of_plan(bars: Bars, *analyses: str, **options: Any) -> charts.Chart:
    plan = Plan.parse(list(analyses))
    result = run(plan, bars, output="all", now_ns=LATER_NS)
    found = [one.to_dict() for one in result.events]
    times_ms = result.time // 1_000_000
    return charts.compose(bars, plan=plan, columns=result.columns, times_ms=times_ms, events=found, **options)


def test_an_event_has_its_name_status_points_ratios_entry_targets_and_stop() -> None:
    written = texts(parsed(drawn(bars_of(WAVE), event(), title="AAPL")))
    assert "AAPL · 1d" in written
    assert "▲ gartley (0.80) · open" in written
    assert {"X", "A", "B", "C", "D", "XB 0.6", "entry 102", "target 1 104", "stop 99"} <= set(written)


def test_a_level_of_one_price_is_a_line_from_the_swing_to_the_break() -> None:
    made = event(name="break_of_structure", kind="levels", levels={"level": 103.0}, prz=None, targets=[], stop=None)
    root = parsed(drawn(bars_of(WAVE), made))
    assert [element.get("class") for element in root.iter(f"{SVG}path")].count("edge") == 1


def test_what_became_of_an_event_stands_at_its_name() -> None:
    history = [{"status": "target", "target": 1, "at": 25 * DAY_MS}, {"status": "stop", "at": 30 * DAY_MS}]
    assert "▲ gartley (0.80) · target 1 reached, stopped" in texts(parsed(drawn(bars_of(WAVE), event(history=history))))


def test_a_target_outside_of_the_picture_is_named_at_its_edge() -> None:
    assert "target 1 300 ↑" in texts(parsed(drawn(bars_of(WAVE), event(targets=[300.0]))))


@pytest.mark.parametrize("name", ["support", "resistance", "level_breakout"])
def test_a_level_is_drawn_as_one_with_its_price(name: str) -> None:
    levels = {"level": 103.0, "low": 102.0, "high": 104.0}
    made = event(name=name, kind="levels", levels=levels, prz=None, targets=[], stop=None)
    root = parsed(drawn(bars_of(WAVE), made))
    assert any(text.startswith(f"▲ {name.replace('_', ' ')} 103 (0.80)") for text in texts(root))
    assert {"zone", "edge"} <= {element.get("class") for element in root.iter(f"{SVG}path")}


@pytest.mark.parametrize("symbol", demo_symbols())
def test_every_pattern_of_the_demo_series_can_be_drawn(symbol: str) -> None:
    bars = demo_bars(symbol).slice(0, 1_200)
    found = [one.to_dict() for one in run(Plan.parse(["patterns"]), bars, output="all", now_ns=LATER_NS).events]
    for one in found:
        if one.get("points"):
            parsed(drawn(bars, one, event=one["id"]))


@pytest.mark.parametrize(
    "close",
    [
        [5.0],
        [5.0, 5.0],
        [5.0] * 40,
        [1e-9] * 30,
        [1e12 * (1 + bar % 3) for bar in range(30)],
        [1e300 * (1 + bar % 3) for bar in range(30)],
        list(np.arange(1.0, 900.0)),
    ],
    ids=["one bar", "two", "flat", "tiny", "huge", "largest", "monotone"],
)
@pytest.mark.parametrize("size", [{}, {"width": 320}, {"width": 320, "height": 240}, {"width": 2_400, "height": 2_400}])
def test_hostile_bars_are_drawn(close: list[float], size: dict[str, int]) -> None:
    parsed(charts.draw(of_plan(bars_of(close), "close"), **size))
    if len(close) > 25:
        parsed(drawn(bars_of(close), event()))


def test_names_are_text_and_never_markup() -> None:
    hostile = "<script>alert(1)</script>\"'&\x00\x0b]]>"
    svg = drawn(bars_of(WAVE), event(name=hostile), candlestick(40, hostile), title=hostile, notes=[hostile])
    assert "<script" not in svg
    assert "\x00" not in svg
    parsed(svg)


def test_a_hundred_thousand_bars_make_a_bounded_picture() -> None:
    rng = np.random.default_rng(1)
    long = bars_of((100 * np.exp(np.cumsum(rng.normal(0, 0.01, 100_000)))).tolist())
    chart = of_plan(long, "rsi", "macd", "atr", "close > sma(20)", "patterns", last=100_000)
    svg = charts.draw(chart)
    parsed(svg)
    assert len(chart.bars) == charts.MAX_BARS
    assert len(svg) < 150_000


def test_six_hundred_bars_with_five_panes_are_no_more_than_150_kilobytes() -> None:
    chart = of_plan(demo_bars(demo_symbols()[0]), "sma(20)", "rsi", "macd", "obv", "stochastic", "atr", last=600)
    svg = charts.draw(chart)
    assert (len(chart.panes), len(chart.bars)) == (5, 600)
    assert len(svg.encode()) <= 150_000


def test_colours_do_not_hang_on_a_style_sheet() -> None:
    root = parsed(drawn(demo_bars(demo_symbols()[0]), event(), candlestick(30)))
    for element in root.iter():
        if element.tag.removeprefix(SVG) in ("path", "rect", "circle", "text"):
            assert {element.get("fill"), element.get("stroke")} != {None}
            assert "var(" not in str(element.attrib)


@pytest.mark.parametrize("width", [320, 960])
def test_labels_are_inside_of_the_picture_and_not_over_each_other(width: int) -> None:
    chart = of_plan(demo_bars(demo_symbols()[0]).slice(0, 1_500), "patterns")
    root = parsed(charts.draw(chart, width=width))
    boxes = label_boxes(root)
    assert boxes
    assert overlapping(boxes) == []
    assert all(left >= 0 and right <= width for left, _, right, _ in boxes)


def test_a_height_that_does_not_have_room_is_refused_with_one_that_has() -> None:
    chart = of_plan(demo_bars(demo_symbols()[0]), "rsi", "macd", "atr")
    with pytest.raises(charts.TooSmall, match="height of") as refused:
        charts.draw(chart, height=240)
    root = parsed(charts.draw(chart, height=refused.value.least, width=400))
    assert (root.get("width"), root.get("height")) == ("400", str(refused.value.least))


def test_levels_do_not_squeeze_the_price() -> None:
    far = of_plan(demo_bars(demo_symbols()[0]).slice(0, 1_500), "levels")
    frame_low, frame_high = charts.drawing.price_range(far)
    prices = float(far.bars.low.min()), float(far.bars.high.max())
    assert prices[1] - prices[0] > 0.5 * (frame_high - frame_low)


def test_no_bars_are_no_picture() -> None:
    with pytest.raises(ValueError, match="no bars"):
        charts.compose(bars_of(WAVE).slice(0, 0))
