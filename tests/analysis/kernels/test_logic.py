"""Conditions in three-valued logic: unknown is neither true nor false, and never a hit."""

import numpy as np
import pytest

from analysis import Plan, run
from analysis.kernels import logic
from analysis.validation import series

LATER_NS = 4_102_444_800_000_000_000
T, F, U = 1.0, 0.0, np.nan


@pytest.mark.parametrize(
    ("left", "right", "both", "either"),
    [(T, T, T, T), (T, F, F, T), (T, U, U, T), (F, F, F, F), (F, U, F, U), (U, T, U, T), (U, F, F, U), (U, U, U, U)],
)
def test_and_or_follow_kleene(left: float, right: float, both: float, either: float) -> None:
    one, two = np.array([left]), np.array([right])
    assert np.array_equal(logic.all_of([one, two]), [both], equal_nan=True)
    assert np.array_equal(logic.any_of([one, two]), [either], equal_nan=True)
    assert np.array_equal(logic.negated(one), [1 - left], equal_nan=True)


def column(text: str, closes: list[float]) -> list[float]:
    bars = series.flat(len(closes))
    close = np.array(closes)
    bars = series.changed(bars, open=close, high=close, low=close, close=close)
    return [
        None if np.isnan(value) else value for value in run(Plan.parse([f"x = {text}"]), bars, now_ns=LATER_NS)["x"]
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("close > 2", [0, 0, 1, 1, 0, 0]),
        ("close[1]", [None, 1, 2, 3, 4, 2]),
        ("change(close)", [None, 1, 1, 1, -2, -1]),
        ("change(close, 2)", [None, None, 2, 2, -1, -3]),
        ("highest(close, 3)", [None, None, 3, 4, 4, 4]),
        ("lowest(close, 2)", [None, 1, 2, 3, 2, 1]),
        ("crossed_above(close, 2)", [0, 0, 1, 0, 0, 0]),
        ("crossed_below(close, 2)", [None, 0, 0, 0, 0, 1]),
        ("within(close > 3, 2)", [None, 0, 0, 1, 1, 0]),
        ("count(close > 2, 3)", [None, None, 1, 2, 2, 1]),
        ("bars_since(close > 2)", [None, None, 0, 0, 1, 2]),
        ("close[1] < 3 and close > 1", [0, 1, 1, 0, 0, 0]),
        ("close[1] < 3 or close > 1", [None, 1, 1, 1, 1, 1]),
        ("close / (close - 2)", [-1, None, 3, 2, None, -1]),
        ("not close > 2", [1, 1, 0, 0, 1, 1]),
        ("1 < close < 4", [0, 1, 1, 0, 1, 0]),
    ],
)
def test_the_words_of_the_grammar_mean_what_they_say(text: str, expected: list[float | None]) -> None:
    assert column(text, [1, 2, 3, 4, 2, 1]) == expected


def test_unknown_is_no_hit_and_is_counted() -> None:
    bars = series.walk(40)
    result = run(Plan.parse(["x = rsi < 101"]), bars, now_ns=LATER_NS)
    assert result.signals["x"]["true_count"] == 40 - 14
    assert result.signals["x"]["unknown_count"] == 14
    assert result.signals["x"]["value"] is True
    early = run(Plan.parse(["x = rsi(30) < 101", "sma(5)"]), bars.slice(0, 20), now_ns=LATER_NS)
    assert early.signals["x"]["value"] is None
