"""Results: columns found by any text that means them, shown as the API shows them."""

import numpy as np
import pytest

from analysis import Plan, Result, run
from analysis.validation import series

LATER_NS = 4_102_444_800_000_000_000


@pytest.fixture(scope="module")
def result() -> Result:
    plan = Plan.parse(["rsi", "sma(10)", "sma(20)", "ema(50)", "macd", "mine = wma(5)", "up = close > open", "doji"])
    return run(plan, series.walk(80), now_ns=LATER_NS)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("rsi", "rsi"),
        ("rsi(14)", "rsi"),
        ("rsi(length=14)", "rsi"),
        ("sma(10)", "sma(period=10)"),
        ("sma(20)", "sma"),
        ("sma", "sma"),
        ("ema", "ema(period=50)"),
        ("macd.signal", "macd.signal"),
        ("macd(12, 26).signal", "macd.signal"),
        ("mine", "mine"),
        ("up", "up"),
    ],
)
def test_a_column_is_found_by_any_text_that_means_it(result: Result, text: str, key: str) -> None:
    assert result[text] is result.columns[key]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("rsi(21)", "there are rsi"),
        ("macd", "macd.macd, macd.signal, macd.histogram"),
        ("sma(30)", r"sma\(period=10\), sma"),
        ("macd.nothing", "macd.signal"),
        ("nonsense", "No column 'nonsense'"),
        ("", "No column"),
        ("rsi.__class__", "No column"),
    ],
)
def test_any_other_text_is_a_key_error_that_names_the_candidates(result: Result, text: str, named: str) -> None:
    with pytest.raises(KeyError, match=named):
        result[text]


def test_an_ambiguous_base_name_is_a_key_error() -> None:
    two = run(Plan.parse(["sma(10)", "sma(30)"]), series.walk(60), now_ns=LATER_NS)
    with pytest.raises(KeyError, match=r"sma\(period=10\), sma\(period=30\)"):
        two["sma"]


def test_it_is_shown_with_milliseconds_and_only_the_columns_and_bars_asked_for(result: Result) -> None:
    shown = result.to_dict(columns=["rsi", "nothing"], last=5)
    assert list(shown["columns"]) == ["rsi"]
    assert len(shown["time"]) == len(shown["columns"]["rsi"]) == 5
    assert shown["time"][-1] == result.time[-1] // 1_000_000
    assert all(event["confirmed_at"] >= shown["time"][0] for event in shown["events"])
    everything = result.to_dict()
    assert np.array_equal(everything["columns"]["rsi"], result["rsi"], equal_nan=True)
    assert set(everything) >= {"symbol", "timeframe", "bars", "quality", "signals", "provisional", "engine"}
