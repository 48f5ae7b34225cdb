"""Momentum against others."""

from collections.abc import Callable

import pytest

from tests.analysis.oracles.cases import Case, case
from tests.analysis.oracles.sources import bukosabino, lean, pandas_ta, skender, talipp, ttr, tulip

CASES = [
    case("rsi", skender("rsi", value="rsi"), period=14),
    case("rsi", tulip("atoz", "rsi 5", "value"), period=5),
    case("rsi", ttr(value="RSI"), period=14),
    case("rsi", talipp("RSI", 14, inputs="close", value=""), period=14),
    case("cci", talipp("CCI", 20, value=""), period=20),
    case("cci", pandas_ta("cci", given="high low close", options={"length": 20}, value=0), period=20),
    case("mfi", skender("mfi", value="mfi"), period=14),
    case("mfi", lean("spy_mfi.txt.gz", 1e-3, value="Money Flow Index 20"), period=20),
    case("mfi", bukosabino("cs-mfi.csv", 1e-3, value="MFI"), period=14),
    case("mfi", tulip("atoz", "mfi 14", "value"), period=14),
    case("ultimate_oscillator", talipp("UO", 7, 14, 28, value="")),
    case("ultimate_oscillator", pandas_ta("uo", given="high low close", value=0)),
    case("roc", skender("roc", value="roc"), period=14),
    case("roc", bukosabino("cs-roc.csv", value="ROC"), period=12),
    case("momentum", skender("roc", value="momentum"), period=14),
    case("momentum", ttr(value="Mom"), period=1),
    case("stochastic", skender("stoch", k="oscillator", d="signal"), k_period=14, k_smoothing=3, d_period=3),
    case("stochastic", talipp("Stoch", 14, 3, k="k"), k_period=14, k_smoothing=1, d_period=3),
    case("stochastic", tulip("atoz", "stoch 5 3 3", "k", "d"), k_period=5, k_smoothing=3, d_period=3),
    case("williams_r", talipp("Williams", 14, value=""), period=14),
    case("williams_r", pandas_ta("willr", given="high low close", options={"length": 14}, value=0), period=14),
    case("stochastic_rsi", talipp("StochRSI", 14, 14, 3, 3, inputs="close", k="k", d="d")),
]  # fmt: skip


@pytest.mark.parametrize("one", CASES, ids=str)
def test_momentum_agrees_with_others(one: Case, oracle: Callable[[Case], None]) -> None:
    oracle(one)
