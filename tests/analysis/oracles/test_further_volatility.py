"""Other measures of movement, and stops: against others."""

from collections.abc import Callable

import pytest

from analysis.bars import Bars
from tests.analysis.oracles.cases import Case, Source, case
from tests.analysis.oracles.sources import pandas_ta, skender, talipp
from tests.analysis.oracles.stepwise import Lines, stepwise

SEED = "its averages are seeded at another bar; compared when the seed is forgotten"
BAR = "high low close"


def bar_ranges() -> Source:
    """The mean of the last 14 ranges, added up bar by bar."""

    def derive(bars: Bars) -> Lines:
        ranges = [high - low for high, low in zip(bars.high.tolist(), bars.low.tolist(), strict=True)]
        return {"value": [sum(ranges[at - 13 : at + 1]) / 14 for at in range(13, len(ranges))]}

    return stepwise(derive)


CASES = [
    case("average_daily_range", bar_ranges()),
    case("chaikin_volatility", pandas_ta("cvi", given="high low", value=0), after=150, why=SEED),
    case("ulcer", pandas_ta("ui", given="close", options={"length": 14}, value=0)),
    case("choppiness", talipp("CHOP", 14, value="")),
    case("choppiness", pandas_ta("chop", given=BAR, value=0)),
    case("mass_index", talipp("MassIndex", 9, 9, 10, value="")),
    case("mass_index", pandas_ta("massi", given="high low", options={"slow": 10}, value=0), after=200, why=SEED),
    case("relative_volatility_index", pandas_ta("rvi", given="close", options={"length": 14}, value=0), period=14),
    case("squeeze", pandas_ta("squeeze", given=BAR, options={"lazybear": True}, momentum=0, on=1)),
    case("chandelier_exit", skender("chexit", long="chandelierExit")),
    case(
        "chande_kroll", talipp("ChandeKrollStop", 10, 1, 9, long="long_stop", short="short_stop"), after=200, why=SEED
    ),
]  # fmt: skip


@pytest.mark.parametrize("one", CASES, ids=str)
def test_it_agrees_with_others(one: Case, oracle: Callable[[Case], None]) -> None:
    oracle(one)
