"""Trend against others."""

from collections.abc import Callable

import pytest

from tests.analysis.oracles.cases import Case, case
from tests.analysis.oracles.sources import lean, pandas_ta, skender, talipp, ttr, tulip

SEED = "seeded with the first value instead of a mean; compared when the seed is forgotten"
LATER = "its averages are seeded at another bar; compared when the seed is forgotten"
MACD = {"macd": "macd", "signal": "signal", "histogram": "histogram"}

CASES = [
    case("sma", skender("bb", value="sma"), period=20),
    case("sma", talipp("SMA", 14, inputs="close", value=""), period=14),
    case("ema", skender("ema", value="ema"), period=20),
    case("ema", lean("spy_ema.csv.gz", 1e-3, value="EMA14"), period=14, after=300, why=SEED),
    case("ema", ttr(value="EMA"), period=10),
    case("wma", skender("wma", value="wma"), period=14),
    case("wma", tulip("atoz", "wma 5", "value"), period=5),
    case("wma", ttr(value="WMA"), period=10),
    case("dema", skender("dema", value="dema"), period=14, after=200, why=LATER),
    case("dema", talipp("DEMA", 10, inputs="close", value=""), period=10),
    case("tema", skender("tema", value="tema"), period=20, after=300, why=LATER),
    case("tema", talipp("TEMA", 10, inputs="close", value=""), period=10),
    case("macd", skender("macd", **MACD), after=250, why=LATER),
    case("macd", talipp("MACD", 12, 26, 9, inputs="close", **MACD), after=250, why=LATER),
    case("adx", talipp("ADX", 14, 14, value="adx"), period=14, after=450, why=LATER),
    case("adx", pandas_ta("adx", given="high low close", options={"length": 14}, value=0), period=14),
    case("di", talipp("ADX", 14, 14, plus="plus_di", minus="minus_di"), period=14, after=300, why=LATER),
    case("aroon", talipp("Aroon", 14, up="up", down="down"), period=14),
    case("parabolic_sar", tulip("atoz", "psar .02 .2", "value"), after=20, why="it chooses its first side otherwise"),
    case(
        "parabolic_sar",
        skender("psar", value="sar"),
        after=251,
        why="it chooses its first side otherwise, and its stop after one turn; compared when both have turned again",
    ),
]  # fmt: skip


@pytest.mark.parametrize("one", CASES, ids=str)
def test_trend_agrees_with_others(one: Case, oracle: Callable[[Case], None]) -> None:
    oracle(one)
