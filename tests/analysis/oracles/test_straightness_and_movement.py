"""How straight the way was, directional movement, middles and the super smoother: against others."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.analysis.oracles.cases import Case, Expected, Source, case
from tests.analysis.oracles.sources import lean, pandas_ta, tulipy
from tests.analysis.oracles.stepwise import talib
from tests.analysis.shipped import demo

BAR = "high low close"
BEGUN = "pandas-ta-classic's filter begins at the first mean of two, ours at the first value"


def smoothed_means(_folder: Path) -> Expected:
    """pandas-ta-classic's filter, which is Ehlers's of 2004, of the means of two neighbouring closes."""
    import pandas as pd
    import pandas_ta_classic as ta

    bars = demo("AAPL", 700)
    close = pd.Series(bars.close)
    filtered = ta.ssf((close + close.shift(1)).iloc[1:] / 2, length=10).to_numpy("float64")
    return Expected(bars, {"value": filtered})


CASES = [
    case("efficiency_ratio", pandas_ta("er", given="close", options={"length": 10}, value=0)),
    case("efficiency_ratio", talib("ER", 10, inputs="close")),
    case("vertical_horizontal_filter", pandas_ta("vhf", given="close", value=0)),
    case("vertical_horizontal_filter", talib("VHF", 28, inputs="close")),
    case("vertical_horizontal_filter", tulipy(value="vhf")),
    case("dx", talib("DX", 14, inputs=BAR)),
    case("dx", pandas_ta("dx", given=BAR, value=0)),
    case("directional_movement", talib("PLUS_DM", 14, inputs="high low", outputs="plus")),
    case("directional_movement", talib("MINUS_DM", 14, inputs="high low", outputs="minus")),
    case("directional_movement", pandas_ta("dm", given="high low", plus=0, minus=1)),
    case("midpoint", lean("spy_midpoint.txt.gz", value="MIDPOINT_5"), period=5),
    case("midpoint", talib("MIDPOINT", 14, inputs="close")),
    case("midprice", lean("spy_midprice.txt.gz", value="MIDPRICE_5"), period=5),
    case("midprice", pandas_ta("midprice", given="high low", options={"length": 14}, value=0)),
    case("super_smoother", Source("pandas-ta-classic", smoothed_means), after=150, why=BEGUN),
]  # fmt: skip


@pytest.mark.parametrize("one", CASES, ids=str)
def test_it_agrees_with_others(one: Case, oracle: Callable[[Case], None]) -> None:
    oracle(one)
