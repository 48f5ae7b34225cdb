"""What people type: read into a tree, or refused with a reason; never run."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.catalog import registry
from analysis.errors import PlanError
from analysis.language.parser import parse

HOSTILE = [
    "rsi.__class__",
    "rsi(14).__init__",
    "().__class__.__bases__",
    "__import__('os')",
    "open('/etc/passwd')",
    "eval('1')",
    "lambda: 1",
    "[x for x in close]",
    "close if close else close",
    "close; close",
    "close := 1",
    "{close}",
    "f'{close}'",
    "2 ** 99999999",
    "close ** 2",
    "close[-1]",
    "close[1.5]",
    "close[close]",
    "close[99999999999999999999]",
    "rsi(*[1])",
    "rsi(**{})",
    "rsi(1e999)",
    "rsi(99999999999999999999999999999999999999999)",
    "rsi(-14)",
    "rsi(nan)",
    "rsi(True)",
    "1e999 < close",
    "rsi(14)(14)",
    "close.real",
    "close(14)",
    "\x00rsi",
    "rsi\x00",
    "rsi #",
    "rsi\\",
    "ʳˢⁱ",
    "rsi(١٤)",
    "",
    "   ",
    "1",
    "1 + 2 < 4",
    "and",
    "not",
    "rsi and close",
    "close > rsi > ",
    "highest(close)",
    "highest(close, 0)",
    "within(close, 3)",
    "count(close > 1, 99999999)",
    "crossed_above(close)",
    "sma(close, close)",
    "ema(rsi, rsi, 9)",
    "(" * 500 + "close" + ")" * 500,
    "ema(" * 300 + "close" + ")" * 300,
    "-" * 100_000 + "close",
    " + ".join(["close"] * 300),
    "not " * 3_000 + "(close > 1)",
    "x" * 10_000_000,
    "9" * 1_000_000,
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:24]))
def test_hostile_text_is_refused_with_a_fault(text: str) -> None:
    with pytest.raises(PlanError) as caught:
        parse(text, "/0")
    assert caught.value.faults
    assert all(fault.pointer == "/0" and len(fault.detail) < 600 for fault in caught.value.faults)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        node = parse(text, "")
    except PlanError:
        return
    assert parse(node.text, "") == node


WORDS = (*"()[],.+-*/<>", "==", "close", "rsi", "and", "or", "not", "2", "14", "0.5", "macd", ".signal", "highest(")


@given(st.lists(st.sampled_from(WORDS), max_size=14))
def test_any_words_of_the_grammar_are_read_or_refused(words: list[str]) -> None:
    test_any_text_is_read_or_refused.hypothesis.inner_test(" ".join(words))


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("rsi", "rsi"),
        ("rsi(14)", "rsi"),
        ("RSI(14)".lower(), "rsi"),
        ("rsi(length=21)", "rsi(period=21)"),
        ("bbands(20, 2.5)", "bollinger_bands(deviations=2.5)"),
        ("ema(rsi(14), 9)", "ema(rsi, period=9)"),
        ("ema(macd.signal, 5)", "ema(macd.signal, period=5)"),
        ("ema(high)", "ema(high)"),
        ("ema(source=close)", "ema"),
        ("rsi(14) < 30 and close > sma(200)", "rsi < 30 and close > sma(period=200)"),
        ("close[0]", "close"),
        ("close[3]", "close[3]"),
        ("(close + open) / 2", "(close + open) / 2"),
        ("close - (open - low)", "close - (open - low)"),
        ("not (rsi < 30 or rsi > 70)", "not (rsi < 30 or rsi > 70)"),
        ("20 < rsi < 80", "20 < rsi and rsi < 80"),
        ("change(close)", "change(close, 1)"),
        ("-close", "-close"),
        ("- -close", "close"),
    ],
)
def test_what_means_the_same_has_one_text(typed: str, canonical: str) -> None:
    assert parse(typed, "").text == canonical
    assert parse(canonical, "").text == canonical


def test_unknown_names_come_with_the_nearest_known() -> None:
    with pytest.raises(PlanError) as caught:
        parse("rsii(14) > stochastik and close > 1", "")
    assert [fault.code for fault in caught.value.faults] == ["unknown_name", "unknown_name"]
    assert "rsi" in caught.value.faults[0].detail
    assert "stochastic" in caught.value.faults[1].detail
    with pytest.raises(PlanError, match=r"nearest: candlestick_outcome"):
        parse("candlestik_outcome.p_target > .5", "")


def test_an_output_is_picked_by_name_or_refused_with_those_there_are() -> None:
    assert parse("macd.signal > 0", "").text == "macd.signal > 0"
    with pytest.raises(PlanError) as caught:
        parse("macd.nothing", "")
    assert "macd, signal, histogram" in caught.value.faults[0].detail


def test_a_condition_on_several_outputs_is_refused() -> None:
    with pytest.raises(PlanError) as caught:
        parse("macd > 0", "")
    assert "several outputs" in caught.value.faults[0].detail


@pytest.mark.parametrize(
    "entry", [entry for entry in registry.ENTRIES.values() if entry.kind == "indicator"], ids=lambda one: one.name
)
def test_every_entry_is_called_by_its_name_its_aliases_and_its_positions(entry: registry.Entry) -> None:
    written = ", ".join(repr(value) for value in entry.defaults().values())
    for name in (entry.name, *entry.aliases):
        assert parse(f"{name}({written})", "") == parse(name, "")
    assert np.isfinite(entry.cost_us)
