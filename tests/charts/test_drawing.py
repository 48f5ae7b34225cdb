"""Pictures of bars and events: well-formed, without script, and bounded whatever they are given."""

from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

import charts
from analysis import Bars, Plan, run
from market.demo_series import demo_bars, demo_symbols

SVG = "{http://www.w3.org/2000/svg}"
DAY_NS = 86_400_000_000_000


def bars_of(close: list[float]) -> Bars:
    price = np.array(close, dtype=np.float64)
    time = DAY_NS * np.arange(len(price), dtype=np.int64)
    return Bars(time=time, open=price, high=price * 1.01, low=price * 0.99, close=price, timeframe="1d", symbol="X")


def event(**changes: Any) -> dict[str, Any]:
    points = [
        {"label": label, "bar": bar, "time": bar * 86_400_000, "price": price, "confirmed_at": 0}
        for label, bar, price in (
            ("X", 2, 100.0),
            ("A", 8, 110.0),
            ("B", 12, 104.0),
            ("C", 16, 108.0),
            ("D", 20, 101.0),
        )
    ]
    made = {
        "id": "1",
        "name": "gartley",
        "kind": "harmonic",
        "side": "bullish",
        "score": 0.8,
        "bar": 22,
        "formed_at": 20 * 86_400_000,
        "confirmed_at": 22 * 86_400_000,
        "of": None,
        "points": points,
        "ratios": {"AB_XA": 0.6},
        "levels": {"xd": 101.0},
        "prz": [100.5, 101.5],
        "targets": [104.0],
        "stop": 99.0,
    }
    return {**made, **changes}


def parsed(svg: str) -> ElementTree.Element:
    root = ElementTree.fromstring(svg)
    assert root.tag == f"{SVG}svg"
    names = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert names <= {"svg", "title", "desc", "style", "rect", "path", "circle", "text"}
    return root


def texts(root: ElementTree.Element) -> list[str]:
    return [element.text or "" for element in root.iter(f"{SVG}text")]


WAVE = [100 + 8 * float(np.sin(bar / 4)) for bar in range(60)]


def test_an_event_has_its_name_points_ratios_targets_and_stop() -> None:
    written = texts(parsed(charts.draw(bars_of(WAVE), [event()], title="AAPL")))
    assert "AAPL · 1d" in written
    assert "▲ gartley 0.80" in written
    assert {"X", "A", "B", "C", "D", "XB 0.6", "target 1", "stop"} <= set(written)


@pytest.mark.parametrize("symbol", demo_symbols())
def test_every_pattern_of_the_demo_series_can_be_drawn(symbol: str) -> None:
    bars = demo_bars(symbol).slice(0, 1_200)
    for one in run(Plan.parse(["patterns"]), bars, output="all").events:
        if one.points:
            first = max(0, one.points[0].bar - 5)
            parsed(charts.draw(bars.slice(first, min(one.bar + 10, len(bars))), [one.to_dict()]))


@pytest.mark.parametrize(
    "close",
    [
        [5.0],
        [5.0, 5.0],
        [5.0] * 40,
        [1e-9] * 30,
        [1e12 * (1 + bar % 3) for bar in range(30)],
        list(np.arange(1.0, 900.0)),
    ],
    ids=["one bar", "two", "flat", "tiny", "huge", "monotone"],
)
def test_hostile_bars_are_drawn(close: list[float]) -> None:
    svg = charts.draw(bars_of(close), [event()])
    parsed(svg)
    assert "nan" not in svg
    assert "inf" not in svg.replace("infinity", "")


def test_names_are_text_and_never_markup() -> None:
    svg = charts.draw(bars_of(WAVE), [event(name="<script>\"'&")], title='<b>&"', overlays={"<i>": np.array(WAVE)})
    assert "<script" not in svg
    assert "<b>" not in svg
    assert "<i>" not in svg
    parsed(svg)


def test_columns_that_are_unknown_break_the_line() -> None:
    column = np.array([float("nan")] * 5 + WAVE[5:])
    column[20] = np.inf
    root = parsed(charts.draw(bars_of(WAVE), overlays={"mine": column}, panes={"rsi": column, "none": column * np.nan}))
    assert {"mine", "rsi", "none"} <= set(texts(root))


def test_more_events_than_can_be_read_are_left_out_and_said() -> None:
    many = [event(id=str(n), confirmed_at=(22 + n % 30) * 86_400_000) for n in range(60)]
    assert "24 of 60 patterns drawn" in texts(parsed(charts.draw(bars_of(WAVE), many)))


def test_events_beyond_the_bars_are_not_drawn() -> None:
    gone = event(confirmed_at=22 * 86_400_000)
    later = bars_of(WAVE).slice(40, 60)
    assert not any("gartley" in text for text in texts(parsed(charts.draw(later, [gone]))))


def test_a_long_series_makes_a_bounded_picture() -> None:
    rng = np.random.default_rng(1)
    long = bars_of((100 * np.exp(np.cumsum(rng.normal(0, 0.01, 20_000)))).tolist())
    assert len(charts.draw(long)) < 150_000


def test_no_bars_are_no_picture() -> None:
    with pytest.raises(ValueError, match="no bars"):
        charts.draw(bars_of(WAVE).slice(0, 0))
