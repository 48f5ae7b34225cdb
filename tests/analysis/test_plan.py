"""Plans: canonical, with keys, kinds, what they need, and every fault at once."""

from typing import Any
from unittest.mock import Mock

import pytest

from analysis import Plan, items
from analysis.catalog import registry
from analysis.errors import PlanError


def test_columns_are_named_by_the_canonical_text_or_the_alias() -> None:
    plan = Plan.parse(["rsi(14)", "rsi(21)", "macd(fast_period=10)", "mine = ema(50)", {"name": "sma", "as": "slow"}])
    assert plan.keys == [
        "rsi",
        "rsi(period=21)",
        "macd(fast_period=10).macd",
        "macd(fast_period=10).signal",
        "macd(fast_period=10).histogram",
        "mine",
        "slow",
    ]
    assert Plan.parse(plan.canonical()).canonical() == plan.canonical()


def test_texts_and_objects_that_mean_the_same_are_one_item() -> None:
    typed = ["rsi", "rsi(14)", {"name": "rsi", "params": {"length": 14}}, {"name": "rsi", "source": "close"}]
    assert Plan.parse(typed).keys == ["rsi"]


def test_groups_stand_for_their_members() -> None:
    assert len(Plan.parse(["all"]).items) == len(registry.ENTRIES)
    assert Plan.parse(["trend"]).kinds == {"indicator"}
    assert Plan.parse(["candlesticks"]).kinds == {"pattern"}
    assert Plan.parse(["rsi < 30", "rsi"]).kinds == {"signal", "indicator"}


def test_a_group_is_read_once_however_often_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    built = Mock(side_effect=items.build)
    monkeypatch.setattr(items, "build", built)
    plan = Plan.parse(["trend", "rsi", *["trend", " Trend ", {"name": "trend"}, {"group": "trend"}] * 50])
    trend = [one for one in registry.ENTRIES.values() if one.category == "trend"]
    assert [item.key for item in plan.items] == [*(one.name for one in trend), "rsi"]
    assert built.call_count == len(trend)


def test_a_name_of_a_group_and_an_entry_means_the_entry_under_an_alias() -> None:
    assert len(Plan.parse(["momentum"]).items) > 1
    assert Plan.parse(["mine = momentum"]).keys == ["mine"]
    assert Plan.parse([{"name": "momentum", "as": "mine"}]).keys == ["mine"]


@pytest.mark.parametrize(
    ("items", "pointer", "code"),
    [
        ([], "", "empty"),
        (["nonsense"], "/0", "unknown_name"),
        (["rsi", "rsi(1)"], "/1", "out_of_bounds"),
        ([{"name": "rsi", "params": {"period": 1}}], "/0/params/period", "out_of_bounds"),
        ([{"name": "rsi", "params": {"period": "14"}}], "/0/params/period", "wrong_type"),
        ([{"name": "rsi", "params": {"nothing": 1}}], "/0/params/nothing", "unknown_parameter"),
        ([{"name": "rsi", "params": {"period": 14, "length": 14}}], "/0/params/length", "given_twice"),
        ([{"name": "rsi", "params": [14]}], "/0/params", "wrong_type"),
        ([{"name": 1}], "/0/name", "wrong_type"),
        ([{"name": "nonsense"}], "/0/name", "unknown_name"),
        ([{"name": "rsi", "surplus": 1}], "/0/surplus", "unknown_field"),
        ([{"name": "rsi", "as": "a b"}], "/0/as", "wrong_type"),
        ([{"name": "rsi", "source": 1}], "/0/source", "wrong_type"),
        ([{"name": "rsi", "source": "nonsense"}], "/0/source", "unknown_name"),
        ([{"name": "atr", "source": "close"}], "/0", "no_source"),
        ([{"name": "macd", "params": {"fast_period": 30}}], "/0/params/slow_period", "out_of_bounds"),
        (["a = rsi", "a = sma"], "/1", "duplicate_key"),
        (["mine = trend"], "/0", "alias_of_group"),
        ([14], "/0", "wrong_type"),
        ([None], "/0", "wrong_type"),
    ],
)
def test_a_fault_is_named_with_its_place_and_code(items: list[Any], pointer: str, code: str) -> None:
    with pytest.raises(PlanError) as caught:
        Plan.parse(items)
    assert (pointer, code) in [(fault.pointer, fault.code) for fault in caught.value.faults]


def test_all_faults_are_named_at_once() -> None:
    with pytest.raises(PlanError) as caught:
        Plan.parse(["nonsense", "rsi(1)", {"name": "sma", "params": {"period": 0, "other": 1}}, "rsi"])
    assert [fault.pointer for fault in caught.value.faults] == [
        "/0",
        "/1",
        "/2/params/other",
        "/2/params/period",
    ]


def test_history_is_what_the_longest_item_needs_or_the_whole_series() -> None:
    assert Plan.parse(["sma(50)"]).history() == 49
    assert Plan.parse(["sma(sma(10), 50)"]).history() == 9 + 49
    assert Plan.parse(["sma(50)", "sma(200)[5]"]).history() == 199 + 5
    assert Plan.parse(["rsi"]).history() > 100
    assert Plan.parse(["sma", "obv"]).history() is None
    assert Plan.parse(["bars_since(close > 10)"]).history() is None


def test_warmup_is_that_of_the_shortest_item() -> None:
    assert Plan.parse(["sma(50)", "sma(10)"]).warmup == 9
    assert Plan.parse(["sma(50) > close"]).warmup == 49


def test_cost_grows_with_bars_and_items() -> None:
    small, large = Plan.parse(["rsi"]), Plan.parse(["all"])
    assert 0 < small.cost_us(500) < small.cost_us(5_000) < large.cost_us(5_000)
