"""Volatility against others."""

from collections.abc import Callable

import pytest

from tests.analysis.oracles.cases import Case, case
from tests.analysis.oracles.sources import bukosabino, lean, pandas_ta, skender, talipp, ttr, tulip

LATER = "its average is seeded at another bar; compared when the seed is forgotten"
BANDS = {"upper": "ub", "middle": "cb", "lower": "lb"}
RMA = {"length": 14, "mamode": "rma"}

CASES = [
    case("true_range", skender("tr", value="tr")),
    case("true_range", ttr(value="ATR.tr")),
    case("atr", skender("atr", value="atr"), period=14),
    case("atr", lean("spy_atr_wilder.txt.gz", value="Average True Range 14"), period=14, after=200, why=LATER),
    case("atr", ttr(value="ATR.atr"), period=14),
    case("natr", skender("atr", value="atrp"), period=14),
    case("natr", pandas_ta("natr", given="high low close", options=RMA, value=0), period=14),
    case("bollinger_bands", skender("bb", upper="upperBand", middle="sma", lower="lowerBand")),
    case("bollinger_bands", bukosabino("cs-bbands.csv", upper="HighBand", middle="MiddleBand", lower="LowBand")),
    case("bollinger_bands", tulip("atoz", "bbands 5 2", "lower", "middle", "upper"), period=5),
    case("donchian", bukosabino("cs-dc.csv", 1e-2, upper="upper_band", middle="middle_band", lower="lower_band")),
    case("donchian", talipp("DonchianChannels", 20, **BANDS)),
    case("keltner", talipp("KeltnerChannels", 20, 10, 2, 2, **BANDS), after=200, why=LATER),
    case("standard_deviation", skender("stdev", value="stdDev"), period=14),
    case("standard_deviation", tulip("atoz", "stddev 5", "value"), period=5),
]  # fmt: skip


@pytest.mark.parametrize("one", CASES, ids=str)
def test_volatility_agrees_with_others(one: Case, oracle: Callable[[Case], None]) -> None:
    oracle(one)
