"""Volume against others."""

from collections.abc import Callable

import pytest

from tests.analysis.oracles.cases import Case, case
from tests.analysis.oracles.sources import lean, pandas_ta, skender, talipp, ttr

CASES = [
    case("obv", talipp("OBV", value="")),
    case("obv", pandas_ta("obv", given="close volume", value=0)),
    case("accumulation_distribution", talipp("AccuDist", value="")),
    case("accumulation_distribution", pandas_ta("ad", given="high low close volume", value=0)),
    case("chaikin_money_flow", skender("cmf", value="cmf"), period=20),
    case("chaikin_money_flow", lean("spy_cmf.txt.gz", 3e-6, value="CMF_20"), period=20),
    case("chaikin_money_flow", ttr(value="CMF"), period=20),
]


@pytest.mark.parametrize("one", CASES, ids=str)
def test_volume_agrees_with_others(one: Case, oracle: Callable[[Case], None]) -> None:
    oracle(one)
