"""Columns that only who calls a run has: named in a condition, handed over, unknown without."""

from typing import Any

import numpy as np
import pytest

from analysis import Bars, Plan, run
from analysis.errors import PlanError, PricesNotPositive
from analysis.incremental import begin
from analysis.language.handed import asked_of
from tests.analysis.shipped import demo

TEXT = "close > 0 and pattern_outcome.p_target > 0.5"
LATER_NS = 4_102_444_800_000_000_000


def signal(text: str, column: np.ndarray | None) -> np.ndarray:
    bars = demo("SPX", 400)
    handed = {} if column is None else {"pattern_outcome.p_target": column}
    found = run(Plan.parse([text]), bars, handed=handed, now_ns=LATER_NS).columns
    return next(iter(found.values()))


def test_the_canonical_text_means_the_same_and_names_what_must_be_handed_over() -> None:
    plan = Plan.parse(["X = Pattern_Outcome.p_target", TEXT, "rsi"])
    assert plan.canonical()[:2] == ["X = pattern_outcome.p_target", TEXT]
    assert Plan.stored(plan.canonical()).meaning() == plan.meaning()
    assert plan.handed == {"pattern_outcome.p_target"}
    assert Plan.parse(["rsi", "double_top"]).handed == set()


def test_it_is_true_false_or_unknown_as_the_column_says() -> None:
    column = np.full(400, np.nan)
    column[100:103] = [0.6, 0.4, 0.5]
    found = signal(TEXT, column)
    np.testing.assert_array_equal(found[100:103], [1.0, 0.0, 0.0])
    assert np.isnan(np.delete(found, [100, 101, 102])).all()


def test_what_nobody_has_handed_over_is_unknown_and_says_so() -> None:
    assert np.isnan(signal(TEXT, None)).all()
    result = run(Plan.parse(["pattern_outcome.p_stop", "rsi"]), demo("SPX", 400), now_ns=LATER_NS)
    assert np.isnan(result.columns["pattern_outcome.p_stop"]).all()
    assert [one["code"] for one in result.quality if one.get("entry") == "pattern_outcome.p_stop"] == ["not_handed"]


def test_it_may_be_averaged_and_looked_back_at() -> None:
    found = signal("sma(pattern_outcome.p_target, 3)[1]", np.linspace(0.2, 0.8, 400))
    assert np.isfinite(found[3:]).all()


def test_all_bars_are_needed_and_none_can_be_appended() -> None:
    plan = Plan.parse([TEXT])
    assert plan.history("1d") is None
    with pytest.raises(PlanError, match="whole series"):
        begin(plan, demo("SPX", 400))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("pattern_outcome > 0.5", "not_an_output"),
        ("pattern_outcome.p_win > 0.5", "not_an_output"),
        ("pattern_outcome.p_target@1w > 0.5", "not_a_series"),
        ("(close > pattern_outcome.p_target)@1w", "not_a_series"),
        ("pattern_outcome(3) > 0.5", "too_many_parameters"),
        ("candlestick_outcome(horizon=3).p_target > 0.5", "unknown_parameter"),
        ("pattern_outcome(close).p_target > 0.5", "no_source"),
        ("pattern_outcome() > 0.5", "not_an_output"),
        ("pattern_outcome(3", "syntax"),
        ("pattern_outcome. > 0.5", "syntax"),
        ("pattern_outcome.p_target and close > 1", "wrong_type"),
        ("expected_range > close", "wrong_type"),
        ("sma(expected_range, 3)", "wrong_type"),
        ("expected_range[1]", "wrong_type"),
        ("expected_range(7)", "out_of_bounds"),
        ("expected_range(61).low_10", "out_of_bounds"),
        ("expected_range(20, 5)", "too_many_parameters"),
        ("expected_range(horizon=5, horizon=5)", "given_twice"),
        ("expected_range(close)", "no_source"),
        ("expected_range(bars=5)", "unknown_parameter"),
        ("expected_range.high", "not_an_output"),
        ("expected_range.high_90.low_10", "not_an_output"),
        ("expected_range@1w", "not_a_series"),
        ("expected_range.high_90@1w", "not_a_series"),
        ("expected_range(", "syntax"),
    ],
)
def test_what_it_is_not_is_refused(text: str, code: str) -> None:
    with pytest.raises(PlanError) as refused:
        Plan.parse([text])
    assert {fault.code for fault in refused.value.faults} >= {code}


@pytest.mark.parametrize("word", ["pattern_outcome", "candlestick_outcome"])
@pytest.mark.parametrize("arguments", ["3", "1, 2", "horizon=5", "3, horizon=5"])
def test_without_a_parameter_it_says_so_as_entries_do(word: str, arguments: str) -> None:
    said = []
    for text in (f"obv({arguments}) > 0.5", f"{word}({arguments}).p_target > 0.5", f"{word}({arguments}) > 0.5"):
        with pytest.raises(PlanError) as refused:
            Plan.parse([text])
        said.append(refused.value.faults)
    assert said[0] == said[1] == said[2]
    assert Plan.parse([f"{word}().p_target > .5"]).canonical() == [f"{word}.p_target > 0.5"]


def test_a_name_of_the_request_means_that() -> None:
    with pytest.raises(PlanError, match="takes no arguments"):
        Plan.parse(["pattern_outcome = rsi(7)", "pattern_outcome(3) > 50"])
    assert Plan.parse(["pattern_outcome = rsi(7)", "pattern_outcome > 50"]).handed == set()
    assert Plan.parse(["expected_range = rsi(7)", "expected_range > 50"]).handed == set()


RANGE = ("high_10", "high_50", "high_90", "low_10", "low_50", "low_90")


@pytest.mark.parametrize(
    ("given", "canonical", "key"),
    [
        ("Expected_Range", "expected_range", "expected_range"),
        ("expected_range(20)", "expected_range", "expected_range"),
        ("expected_range(horizon=60)", "expected_range(horizon=60)", "expected_range(horizon=60)"),
        ("mine = expected_range(5)", "mine = expected_range(horizon=5)", "mine"),
        (
            {"name": "expected_range", "params": {"horizon": 40}, "as": "mine"},
            "mine = expected_range(horizon=40)",
            "mine",
        ),
    ],
)
def test_what_is_known_on_every_bar_may_stand_by_itself(given: Any, canonical: str, key: str) -> None:
    plan = Plan.parse([given])
    assert plan.canonical() == [canonical]
    assert Plan.stored(plan.canonical()).meaning() == plan.meaning()
    assert plan.keys == [f"{key}.{output}" for output in RANGE]
    assert plan.handed == {f"{canonical.rpartition(' ')[2]}.{output}" for output in RANGE}
    assert plan.history("1d") is None
    handed = {name: np.full(400, float(place)) for place, name in enumerate(sorted(plan.handed))}
    result = run(plan, demo("SPX", 400), handed=handed, now_ns=LATER_NS, output="last")
    assert [float(result.columns[one][0]) for one in plan.keys] == [0, 1, 2, 3, 4, 5]
    assert not [note for note in result.quality if note["code"] == "not_handed"]


def test_one_of_several_columns_is_meant_through_a_name_as_well() -> None:
    plan = Plan.parse(["mine = expected_range(5)", "close > mine.high_90", "expected_range(60).low_10"])
    assert asked_of("expected_range(horizon=5).high_90") == ("expected_range", 5, "high_90")
    assert {asked_of(name)[1] for name in plan.handed} == {5, 60}
    assert plan.columns_named(["expected_range(5).low_50", "mine.high_10"]) == (["mine.low_50", "mine.high_10"], [])
    assert plan.columns_named(["expected_range(20).low_50"]) == ([], ["expected_range(20).low_50"])
    assert [call.horizon for call in plan.handed_calls] == [5]
    assert plan.kinds == {"signal", "indicator"}


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"name": "expected_range", "params": {"horizon": 7}}, "/0/params/horizon"),
        ({"name": "expected_range", "params": {"horizon": True}}, "/0/params/horizon"),
        ({"name": "expected_range", "params": {"bars": 5}}, "/0/params/bars"),
        ({"name": "expected_range", "source": "close"}, "/0"),
        ({"name": "pattern_outcome", "params": {"horizon": 5}}, "/0/params/horizon"),
        ({"name": "pattern_outcome", "source": "close"}, "/0"),
        ({"name": "pattern_outcome", "params": {}, "as": "mine"}, "/0"),
    ],
)
def test_objects_are_refused_at_the_place(given: dict[str, Any], pointer: str) -> None:
    with pytest.raises(PlanError) as refused:
        Plan.parse([given])
    assert [fault.pointer for fault in refused.value.faults] == [pointer]


@pytest.mark.parametrize("text", ["expected_range", "close > expected_range(5).high_90", "rsi + expected_range.low_10"])
def test_ranges_of_prices_below_zero_are_refused(text: str) -> None:
    bars = demo("SPX", 400)
    low = bars.low.copy()
    low[7] = -1.0
    below = Bars(time=bars.time, open=bars.open, high=bars.high, low=low, close=bars.close, timeframe="1d")
    with pytest.raises(PricesNotPositive, match="expected_range"):
        run(Plan.parse([text]), below, now_ns=LATER_NS)
