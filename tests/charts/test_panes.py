"""Which columns lie over the candles, which in panes below, which are marks, and on which bars."""

import re
from typing import Any

import numpy as np
import pytest

import charts
from analysis import Plan, run
from analysis.language.grammar import HANDED
from charts.description import Curve, Pane, Study
from charts.panes import MAX_LANES, MAX_OVERLAID, MAX_PANES, Columns, Placed, missing_oscillators, place
from charts.studies import scale_of
from tests.charts.given import DAY_MS, SVG, WAVE, bars_of, parsed

TIMES = [0, DAY_MS]


def placed(*analyses: Any, only: set[str] | None = None) -> Placed:
    plan = Plan.parse(list(analyses))
    columns = {key: [1.0, 2.0] for item in plan.items for key in item.keys}
    return place(plan, Columns.on(bars_of([5.0, 5.0]), columns, TIMES), only)


def keys(studies: list[Study]) -> list[str]:
    return [curve.key for study in studies for curve in study.curves]


def below(panes: list[Pane]) -> list[list[str]]:
    return [keys(pane.studies) for pane in panes]


@pytest.mark.parametrize(
    ("analysis", "over", "panes", "lanes"),
    [
        ("sma(5)", ["sma(period=5)"], [], []),
        ("close", ["close"], [], []),
        ("volume + 0", [], [["volume + 0"]], []),
        ("rsi", [], [["rsi"]], []),
        ("atr", [], [["atr"]], []),
        ("momentum + 0", [], [["momentum(period=10) + 0"]], []),
        ("macd", [], [["macd.macd", "macd.signal", "macd.histogram"]], []),
        ("bollinger_bands.upper", ["bollinger_bands.upper"], [], []),
        ("supertrend", ["supertrend.value"], [], ["supertrend.direction"]),
        ("sma(20)@1w", ["sma@1w"], [], []),
        ("rsi@1w", [], [["rsi@1w"]], []),
        ("sma(rsi, 5)", [], [["sma(rsi, period=5)"]], []),
        ("sma(ema(5), 5)", ["sma(ema(period=5), period=5)"], [], []),
        ("sma(volume, 5)", [], [["sma(volume, period=5)"]], []),
        ("close > sma(5)", [], [], ["close > sma(period=5)"]),
        ("double_top", [], [], []),
        ("hammer", [], [], []),
        ("expected_range.low_10", ["expected_range.low_10"], [], []),
        ("mine = expected_range(5)", [f"mine.{one}" for one in HANDED["expected_range"].outputs], [], []),
        ("pattern_outcome.p_target", [], [["pattern_outcome.p_target"]], []),
    ],
)
def test_where_an_analysis_goes(analysis: str, over: list[str], panes: list[list[str]], lanes: list[str]) -> None:
    found = placed(analysis)
    assert keys(found.overlays) == over
    assert below(found.panes) == panes
    assert [lane.name for lane in found.lanes] == lanes


def test_nothing_vanishes_beside_bollinger() -> None:
    found = placed("bollinger_bands", "rsi", "supertrend")
    assert below(found.panes) == [["bollinger_bands.percent_b"], ["bollinger_bands.bandwidth"], ["rsi"]]
    assert keys(found.overlays)[-1] == "supertrend.value"
    assert found.left_out == []


@pytest.mark.parametrize("order", [("rsi", "sma(rsi, 5)"), ("sma(rsi, 5)", "rsi")])
def test_an_average_lies_over_what_it_is_of(order: tuple[str, str]) -> None:
    assert below(placed(*order).panes) == [["rsi", "sma(rsi, period=5)"]]


def test_what_has_no_room_is_named() -> None:
    analyses = [f"{name}({period})" for period in range(2, 40) for name in ("sma", "rsi")]
    conditions = [f"close > sma({period})" for period in range(2, 20)]
    found = placed(*analyses, *conditions)
    assert len(keys(found.overlays)) <= MAX_OVERLAID
    assert (len(found.panes), len(found.lanes)) == (MAX_PANES, MAX_LANES)
    drawn = {*keys(found.overlays), *(key for pane in below(found.panes) for key in pane)}
    drawn |= {lane.name for lane in found.lanes}
    assert drawn | set(found.left_out) == {
        key for item in Plan.parse([*analyses, *conditions]).items for key in item.keys
    }


def test_only_what_is_asked_for() -> None:
    found = placed("rsi", "macd", "sma(5)", only={"macd.signal"})
    assert (keys(found.overlays), below(found.panes), found.left_out) == ([], [["macd.signal"]], [])


def test_bars_without_a_value_are_unknown() -> None:
    columns = Columns.on(bars_of([5.0] * 6), {"sma(period=2)": [None, 7.0, 8.0]}, [DAY_MS, 2 * DAY_MS, 4 * DAY_MS])
    (study,) = place(Plan.parse(["sma(2)"]), columns).overlays
    assert study.curves[0].values.tolist() == pytest.approx([np.nan, np.nan, 7, np.nan, 8, np.nan], nan_ok=True)


def test_a_condition_says_how_often_it_holds_or_when_it_did_last() -> None:
    plan, times = Plan.parse(["up = close > sma(5)"]), [bar * DAY_MS for bar in range(100)]
    early = [1.0 if bar in (10, 30) else 0.0 for bar in range(100)]
    bars = bars_of([5.0] * 100)
    (lane,) = place(plan, Columns.on(bars, {"up": early}, times)).lanes
    assert lane.note == "on 2 of 100 bars"
    (lane,) = place(plan, Columns.on(bars.slice(60, 100), {"up": early}, times)).lanes
    assert lane.note == "0 of 2 in this window, last 1970-01-31: end=1970-02-20T00:00:00Z"


def test_columns_that_the_result_does_not_have_are_not_drawn() -> None:
    found = place(Plan.parse(["sma(2)", "rsi"]), Columns.on(bars_of([5.0, 5.0]), {}, [0]))
    assert (found.overlays, found.panes) == ([], [])


def test_a_scale_is_fixed_where_the_catalogue_says_so() -> None:
    found = placed("rsi", "macd")
    assert [(pane.studies[0].low, pane.studies[0].high) for pane in found.panes] == [(0, 100), (None, None)]
    assert found.panes[0].studies[0].lines == (30, 70)


def test_oscillators_of_events_are_missing_once_each_and_only_if_not_drawn() -> None:
    events = [{"of": name} for name in ("rsi", None, "obv", "obv", "cci")] + [{}]
    assert missing_oscillators(events, placed("rsi").panes) == ["obv", "cci"]


def test_bars_made_of_bars_are_candles_in_a_pane() -> None:
    root = parsed(
        charts.draw(charts.compose(bars_of(WAVE), plan=Plan.parse(["heikin_ashi"]), **_computed("heikin_ashi")))
    )
    looks = [element.get("class") for element in root.iter(f"{SVG}path")]
    assert (looks.count("body-up"), looks.count("body-down")) == (2, 1)  # the bars themselves only rise


@pytest.mark.parametrize(("values", "is_whole"), [((20.0, 28.0), False), ((20.0, 80.0), True), ((), True)])
def test_a_fixed_scale_of_which_little_is_used_is_what_there_is(values: tuple[float, ...], is_whole: bool) -> None:
    study = Study("x", (Curve("x", "", "line", np.array(values)),), low=0.0, high=100.0)
    assert (scale_of([study]) == (-4.0, 104.0)) == is_whole


def test_the_names_of_a_pane_lie_over_none_of_its_curves() -> None:
    root = parsed(
        charts.draw(charts.compose(bars_of(WAVE), plan=Plan.parse(["stochastic"]), **_computed("stochastic")))
    )
    (foot,) = {float(e.get("y", "")) for e in root.iter(f"{SVG}text") if (e.text or "").startswith("stochastic")}
    curves = [e.get("d", "") for e in root.iter(f"{SVG}path") if e.get("class") in ("study0", "study1")]
    heights = [
        np.cumsum(np.array(re.findall(r"-?[0-9]*[.]?[0-9]+", steps), dtype=np.float64).reshape(-1, 2)[:, 1])
        for steps in curves
        if "h" not in steps
    ]
    assert len(heights) == 2
    assert min(float(column.min()) for column in heights) > foot


def _computed(name: str) -> dict[str, Any]:
    result = run(Plan.parse([name]), bars_of(WAVE), output="all", now_ns=10**18)
    return {"columns": result.columns, "times_ms": result.time // 1_000_000}
