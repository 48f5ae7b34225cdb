"""Blau's, LazyBear's, Ehlers's and Ignatov's oscillators, and the bar's own: against others."""

from collections.abc import Callable

import pytest

from tests.analysis.oracles.cases import Case, case
from tests.analysis.oracles.sources import lean, pandas_ta, skender, talipp, ttr
from tests.analysis.oracles.stepwise import talib

BAR = "high low close"
SEED = "its averages are seeded at another bar; compared when the seed is forgotten"
BLAU = {"period": 13, "smoothing": 25, "second_smoothing": 2, "signal_period": 3}
TTR = {**BLAU, "signal_period": 9}
SMI = "stochastic_momentum_index"

CASES = [
    case(SMI, skender("smi", smi="smi", signal="signal"), after=350, why=SEED, **BLAU),
    case(SMI, ttr(smi="SMI.SMI", signal="SMI.signal"), after=200, relative=1e-5, why=SEED, **TTR),
    case(SMI, talib("SMI", 13, 25, 2, 9, inputs=BAR, outputs="smi signal"), after=350, why=SEED, **TTR),
    case("wavetrend", lean("spy_wto.csv.gz", 1e-6, wavetrend="WT1", signal="WT2")),
    case("qqe", pandas_ta("qqe", given="close", line=0, rsi=1, direction=6)),
    case("relative_vigor_index", lean("spy_rvi.txt.gz", 1e-9, rvi="RVI", signal="RVI_S")),
    case("relative_vigor_index", pandas_ta("rvgi", given="open high low close", rvi=1, signal=2), period=14),
    case("internal_bar_strength", lean("spy_with_ibs.csv.gz", 1e-9, value="IBS")),
    case("internal_bar_strength", talipp("IBS", value="")),
    case("laguerre_rsi", pandas_ta("lrsi", given="close", value=0)),
]  # fmt: skip


@pytest.mark.parametrize("one", CASES, ids=str)
def test_it_agrees_with_others(one: Case, oracle: Callable[[Case], None]) -> None:
    oracle(one)
