"""Averages of special weights, lines at a distance, regression: against others."""

from collections.abc import Callable

import pytest

from tests.analysis.oracles.cases import Case, case
from tests.analysis.oracles.sources import lean, pandas_ta, skender, talipp

SEED = "its averages are seeded at another bar; compared when the seed is forgotten"
LINES = {"conversion": "conversion_line", "base": "base_line"}

CASES = [
    case("trima", pandas_ta("trima", given="close", options={"length": 21}, value=0), period=21),
    case("t3", talipp("T3", 5, 0.7, inputs="close", value=""), period=5),
    case("zlema", talipp("ZLEMA", 21, inputs="close", value=""), period=21, after=300, why=SEED),
    case("zlema", lean("spy_with_zlema.csv.gz", value="ZLEMA5"), period=5, after=120, why=SEED),
    case("alma", skender("alma", value="alma"), period=9),
    case("alma", talipp("ALMA", 9, 0.85, 6, inputs="close", value="")),
    case("ichimoku", talipp("Ichimoku", 26, 9, 26, 52, 26, **LINES)),
    case("alligator", skender("alligator", jaw="jaw", teeth="teeth", lips="lips")),
    case("linear_regression", pandas_ta("linreg", given="close", options={"length": 14}, value=0)),
    case("linear_regression", pandas_ta("linreg", given="close", options={"length": 14, "slope": True}, slope=0)),
    case("linear_regression", pandas_ta("linreg", given="close", options={"length": 14, "tsf": True}, forecast=0)),
    case("trix", skender("trix", value="trix"), period=14, after=250, why=SEED),
    case("trix", pandas_ta("trix", given="close", options={"length": 18}, value=0)),
    case("adxr", pandas_ta("adxr", given="high low close", value=0)),
]  # fmt: skip


@pytest.mark.parametrize("one", CASES, ids=str)
def test_it_agrees_with_others(one: Case, oracle: Callable[[Case], None]) -> None:
    oracle(one)
