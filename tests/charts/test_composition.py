"""The description of a picture: complete, plain, and honest about what is left out."""

import json

import numpy as np
import pytest

import charts
from analysis import Plan, run
from charts.composition import MAX_ARROWS
from tests.charts.given import DAY_MS, WAVE, bars_of, candlestick, event

BARS = bars_of([100 + 8 * float(np.sin(bar / 4)) for bar in range(300)], volume=[float("nan"), *range(299)])


def test_it_is_plain_json_with_null_for_what_is_unknown() -> None:
    plan = Plan.parse(["rsi", "close > sma(5)"])
    result = run(plan, BARS, output="all", now_ns=4_102_444_800_000_000_000)
    chart = charts.compose(
        BARS, plan=plan, columns=result.columns, times_ms=result.time // 1_000_000, events=[event()], last=300
    )
    plain = json.loads(json.dumps(chart.to_dict(), allow_nan=False))
    assert plain["panes"][0][0]["curves"][0]["values"][0] is None
    assert plain["volume"][0] is None
    assert {len(plain[name]) for name in ("time", "open", "high", "low", "close", "volume")} == {300}
    assert plain["lanes"][0]["name"] == "close > sma(period=5)"
    assert [one["id"] for one in plain["events"]] == ["e22"]


def test_one_event_is_shown_alone_with_the_bars_around_it() -> None:
    chart = charts.compose(BARS, events=[event(), event(at=30, points=(24, 28)), candlestick(25)], event="e30")
    assert [one["id"] for one in chart.shapes] == ["e30"]
    assert chart.candlesticks == []


def test_an_event_that_there_is_not_is_refused() -> None:
    with pytest.raises(charts.UnknownEvent):
        charts.compose(BARS, events=[event()], event="nope")


def test_many_candlesticks_are_marks_by_side_with_their_names_counted() -> None:
    few = [candlestick(at) for at in range(200, 200 + MAX_ARROWS)]
    assert len(charts.compose(BARS, events=few).candlesticks) == MAX_ARROWS
    many = [*few, candlestick(250, "doji", "neutral"), candlestick(251, "engulfing", "bearish")]
    chart = charts.compose(BARS, events=many)
    assert chart.candlesticks == []
    assert [(lane.name, lane.note) for lane in chart.lanes] == [
        (f"{MAX_ARROWS} bullish candlesticks", f"hammer {MAX_ARROWS}"),
        ("1 bearish candlesticks", "engulfing 1"),
        ("1 neutral candlesticks", "doji 1"),
    ]


def test_a_result_of_fewer_bars_than_are_shown_says_so() -> None:
    times = [bar * DAY_MS for bar in range(295, 300)]
    chart = charts.compose(BARS, plan=Plan.parse(["rsi"]), columns={"rsi": [50.0] * 5}, times_ms=times)
    assert chart.notes == ["The result has values on 5 of these 200 bars."]


def test_the_oscillator_of_a_divergence_has_a_pane() -> None:
    found = event(kind="divergence", of="rsi", at=60, points=(40, 55))
    chart = charts.compose(BARS, events=[found])
    assert chart.panes == []  # it is not among the last 200
    assert charts.compose(BARS, events=[found], event="e60").panes[0].studies[0].name == "rsi"


def test_an_event_longer_than_a_picture_is_said_and_not_drawn_in_part() -> None:
    bars = bars_of((WAVE * 20)[:1_000])
    chart = charts.compose(bars, events=[event(at=900, points=(10, 890))], event="e900")
    assert chart.shapes == []
    assert chart.notes == ["gartley begins before the 600 bars of a picture."]
