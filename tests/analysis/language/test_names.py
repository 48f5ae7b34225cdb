"""Names of a request in its later analyses: shared, counted once, and never what something else is called."""

import time

import numpy as np
import pytest

from analysis import Plan, run
from analysis.catalog import registry
from analysis.errors import PlanError
from analysis.language.grammar import FUNCTIONS, SERIES
from analysis.language.parser import MOST_CHARACTERS
from analysis.validation import series
from analysis.validation.entry_checks import LATER_NS

DOUBLINGS = ["a0 = close + rsi", *(f"a{n + 1} = a{n} + a{n}" for n in range(40))]
BOUNDED_CPU_SECONDS = 30  # hundreds of times of what it takes; without sharing it takes years


def refused(*items: object) -> list[tuple[str, str]]:
    with pytest.raises(PlanError) as caught:
        Plan.parse(list(items))  # type: ignore[arg-type]
    return [(fault.pointer, fault.code) for fault in caught.value.faults]


def test_an_earlier_name_stands_for_what_it_means() -> None:
    plan = Plan.parse(["fast = ema(5)", "x = fast > sma200", "x and not x[1]", "m = macd", "m.signal > fast"])
    assert plan.canonical() == [
        "fast = ema(period=5)",
        "x = fast > sma(period=200)",
        "x and not x[1]",
        "m = macd",
        "m.signal > fast",
    ]
    alone = Plan.parse(["y = ema(5) > sma(200) and not (ema(5) > sma(200))[1]"])
    assert plan.items[2].node == alone.items[0].node


def test_a_name_of_the_request_wins_over_an_entry_with_a_number() -> None:
    bars = series.walk(80)
    result = run(Plan.parse(["sma20 = sma(5)", "x = sma20"]), bars, now_ns=LATER_NS)
    assert np.array_equal(result["x"], run(Plan.parse(["sma(5)"]), bars, now_ns=LATER_NS)["sma"], equal_nan=True)


def test_only_earlier_names_can_be_used() -> None:
    assert refused("x < 30", "x = rsi") == [("/0", "unknown_name")]
    assert refused("x = x + 1") == [("/0", "unknown_name")]
    assert refused("x = rsi", "x(14)") == [("/1", "unknown_name")]


def test_what_could_not_be_read_is_named_once() -> None:
    assert refused("x = rsii", "y = x < 30", "y and x > 2") == [("/0", "unknown_name")]


@pytest.mark.parametrize(
    "name", ["rsi", "RSI", "bbands", "and", "Or", "momentum", "patterns", *FUNCTIONS, *SERIES, "source", "benchmark"]
)
def test_a_name_that_means_something_else_is_reserved(name: str) -> None:
    assert refused(f"{name} = ema(50)") == [("/0", "reserved_name")]
    assert refused({"name": "ema", "as": name}) == [("/0/as", "reserved_name")]


def test_every_word_of_the_catalogue_is_reserved() -> None:
    for name in (*registry.ENTRIES, *registry.ALIASES, *registry.CATEGORIES, *registry.EVERY):
        assert refused(f"{name} = close + 1") == [("/0", "reserved_name")], name


def test_no_word_of_the_grammar_is_one_of_the_catalogue() -> None:
    assert not {*FUNCTIONS, *SERIES} & {*registry.ENTRIES, *registry.ALIASES}


def test_a_stored_plan_keeps_names_that_have_become_reserved() -> None:
    stored = Plan.stored(["rsi = ema(period=50)", "rsi < 30"])
    assert stored.keys == ["rsi", "rsi < 30"]
    assert stored.items[1].node == Plan.parse(["x = rsi(14) < 30"]).items[0].node
    assert Plan.stored(stored.canonical()).meaning() == stored.meaning()


def test_forty_doublings_are_forty_sums() -> None:
    bars, began = series.walk(120), time.process_time()
    plan = Plan.parse([*DOUBLINGS, "a40 > 5", "z = sma(a40)"])
    assert Plan.stored(plan.canonical()).meaning() == plan.meaning()
    assert plan.columns_named(["a40", "a40 > 5"]) == (["a40", "a40 > 5"], [])
    assert plan.history() == Plan.parse([DOUBLINGS[0], "z = sma(a0)"]).history()
    assert plan.cost_us(500) < 1e5
    assert set(plan.sources) == {"", "rsi", "sma"}
    result = run(plan, bars.slice(0, 40), now_ns=LATER_NS)
    base = run(Plan.parse(DOUBLINGS[:1]), bars.slice(0, 40), now_ns=LATER_NS)["a0"]
    assert np.array_equal(result["a40"], base * 2.0**40, equal_nan=True)
    assert len(result.quality) <= 2 * len(plan.items)
    assert time.process_time() - began < BOUNDED_CPU_SECONDS


def test_parts_are_counted_once_with_the_names_put_in() -> None:
    rungs = ["a0 = close", *(f"a{n + 1} = a{n} + {n + 1}" for n in range(99))]
    assert len(Plan.parse(rungs).items) == 100  # 199 parts, 100 levels
    assert refused(*rungs, "x = a99 + 0.5") == [("/100", "syntax")]
    other = ["b0 = open", *(f"b{n + 1} = b{n} * {n + 1}" for n in range(3))]
    assert refused(*rungs, *other, "x = if(a99 > 0, b3, b2)")[-1] == ("/104", "syntax")


def test_a_chain_in_a_chain_is_never_written_out_beyond_what_may_be_typed() -> None:
    text = "rsi"
    for _ in range(30):
        text = f"if(1 < {text} < 2, 1, 2)"
    assert len(text) < MOST_CHARACTERS
    assert refused(text) == [("/0", "too_long")]
    assert refused("y = rsi", f"x = {text}") == [("/1", "too_long")]


def test_the_deepest_tree_runs() -> None:
    rungs = ["a0 = close", *(f"a{n + 1} = 1 + a{n}" for n in range(99))]
    bars = series.walk(30)
    assert run(Plan.parse(rungs), bars, now_ns=LATER_NS)["a99"][-1] == pytest.approx(bars.close[-1] + 99)


@pytest.mark.parametrize(
    "text",
    [
        "x" * 10_000,
        "(" * 3_999,
        "not " * 900 + "(close > 1)",
        "rsi" + "[1]" * 1_300,
        "close" + "+close" * 660,
        "close" + "+1" * 1_990,
        "highest(" * 300 + "close" + ",2)" * 300,
        "if(" * 1_300,
        "max(" + ",".join(["close"] * 650) + ")",
        "a.b" * 1_300,
        "sma(" * 39 + "close" + "," * 2_000,
        "5%" * 1_900,
        "rsi" + "@1w" * 1_300,
        "&&" * 1_900,
        "gartley(" + "side=bullish," * 300 + ")",
    ],
    ids=lambda text: text[:12],
)
def test_the_longest_inputs_are_refused_in_bounded_time(text: str) -> None:
    began = time.process_time()
    found = refused("y = rsi", text)
    assert found
    assert {pointer for pointer, _ in found} == {"/1"}
    assert time.process_time() - began < BOUNDED_CPU_SECONDS


@pytest.mark.parametrize(
    ("one", "other", "is_equal"),
    [
        (["x = rsi", "y = x < 30"], ["x = rsi(14)", "y = RSI < 30"], True),
        (["x = rsi", "y = x < 30"], ["x = rsi", "y = x <= 30"], False),
        (["y = 10 < rsi < 30"], ["y = rsi > 10 and rsi < 30"], False),  # the same values, of other operations
        (["y = 10 < rsi < 30"], ["y = 10 < rsi and rsi < 30"], True),
        (["y = gartley and rsi < 40"], ["d = gartley", "y = d and rsi < 40"], False),  # one more answer
        (["y = nz(rsi)"], ["y = nz(rsi, v=0)"], True),
        (["y = nz(rsi)"], ["y = nz(rsi, 1)"], False),
        (["y = gartley(side=bullish)[1]"], ["y = gartley[1]"], False),
        (["y = gartley(side=either, min_score=0)[1]"], ["y = gartley[1]"], True),
        (["x = rsi"], ["y = rsi"], False),  # its column is called otherwise
    ],
)
def test_meaning_changes_with_what_is_meant_and_with_nothing_else(
    one: list[str], other: list[str], is_equal: bool
) -> None:
    assert (Plan.parse(one).meaning() == Plan.parse(other).meaning()) is is_equal
