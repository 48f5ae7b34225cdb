"""Averages that steer by the price, and two series together: against others, or step by step."""

from collections.abc import Callable
from itertools import pairwise
from math import sqrt

import pytest

from analysis.bars import Bars
from analysis.validation import series
from tests.analysis.oracles.cases import Case, Source, case
from tests.analysis.oracles.sources import pandas_ta
from tests.analysis.oracles.stepwise import Lines, mean, stepwise

FOURTEEN = {"length": 14}
PATH = "it begins otherwise and forgets slowly; compared when that is forgotten"


def mcginley() -> Source:
    """The published recursion, begun at the mean of fourteen."""

    def derive(bars: Bars) -> Lines:
        close = bars.close.tolist()
        found = [mean(close[:14])]
        for value in close[14:]:
            found.append(found[-1] + (value - found[-1]) / (14 * (value / found[-1]) ** 4))
        return {"value": found}

    return stepwise(derive)


def of_means() -> Source:
    """The MACD of simple averages, added up."""

    def derive(bars: Bars) -> Lines:
        close = bars.close.tolist()
        macd = [mean(close[at - 11 : at + 1]) - mean(close[at - 25 : at + 1]) for at in range(25, len(close))]
        signal = [mean(macd[at - 8 : at + 1]) for at in range(8, len(macd))]
        return {"macd": macd, "signal": signal, "histogram": [a - b for a, b in zip(macd[8:], signal, strict=True)]}

    return stepwise(derive)


def together(what: str) -> Source:
    """Pearson's coefficient of twenty values with the second series', or the slope of twenty returns on its returns."""

    def derive(bars: Bars) -> Lines:
        mine, other = bars.close.tolist(), series.companion(bars)
        by_time = dict(zip(other.time.tolist(), other.close.tolist(), strict=True))
        theirs = [by_time.get(time) for time in bars.time.tolist()]
        found: list[float | None] = []
        for at in range(20, len(mine)):
            days = range(at - 20, at + 1)
            pairs = [(mine[day], theirs[day]) for day in days]
            known = [(a, b) for a, b in pairs if b is not None]
            if what == "beta":
                known = [(c / a - 1, d / b - 1) for (a, b), (c, d) in pairwise(known)] if len(known) == 21 else []
            else:
                known = known[1:] if len(known) == 21 else []
            if len(known) < 20:
                found.append(None)
                continue
            x, y = mean([a for a, _ in known]), mean([b for _, b in known])
            shared = sum((a - x) * (b - y) for a, b in known)
            wide = sum((b - y) ** 2 for _, b in known)
            spread = sum((a - x) ** 2 for a, _ in known)
            found.append(shared / wide if what == "beta" else shared / sqrt(spread * wide))
        return {"value": found}

    return stepwise(derive)


CASES = [
    case("mcginley", mcginley()),
    case("vidya", pandas_ta("vidya", given="close", options=FOURTEEN, value=0), after=400, relative=1e-6, why=PATH),
    case("mama", pandas_ta("mama", given="close", mama=0, fama=1), after=300, relative=1e-6, why=PATH),
    case("macdext", of_means()),
    case("correlation", together("correlation")),
    case("beta", together("beta"), period=20),
]  # fmt: skip


@pytest.mark.parametrize("one", CASES, ids=str)
def test_it_agrees_with_others(one: Case, oracle: Callable[[Case], None]) -> None:
    oracle(one)
