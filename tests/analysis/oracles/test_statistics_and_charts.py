"""Statistics, cycles, volatility estimators and Heikin-Ashi: against others, or step by step from the definition."""

from collections.abc import Callable
from math import log, sqrt

import pytest

from analysis.bars import Bars
from tests.analysis.oracles.cases import Case, Source, case
from tests.analysis.oracles.sources import pandas_ta
from tests.analysis.oracles.stepwise import Lines, mean, stepwise

CANDLE = {"open": 0, "high": 1, "low": 2, "close": 3}
OPEN = "open high low close"


def ranks() -> Source:
    """How many of the hundred values before are at most each, counted."""

    def derive(bars: Bars) -> Lines:
        close = bars.close.tolist()
        return {"value": [float(sum(b <= close[at] for b in close[at - 100 : at])) for at in range(100, len(close))]}

    return stepwise(derive)


def scores() -> Source:
    """The distance from the mean of twenty in population deviations."""

    def derive(bars: Bars) -> Lines:
        close, found = bars.close.tolist(), []
        for at in range(19, len(close)):
            window = close[at - 19 : at + 1]
            middle = mean(window)
            found.append((close[at] - middle) / sqrt(mean([(one - middle) ** 2 for one in window])))
        return {"value": found}

    return stepwise(derive)


def facilitation() -> Source:
    """The range over the volume."""

    def derive(bars: Bars) -> Lines:
        assert bars.volume is not None
        rows = zip(bars.high.tolist(), bars.low.tolist(), bars.volume.tolist(), strict=True)
        return {"value": [(high - low) / volume for high, low, volume in rows]}

    return stepwise(derive)


def detrended() -> Source:
    """The close less the mean of 21 that was known eleven bars ago."""

    def derive(bars: Bars) -> Lines:
        close = bars.close.tolist()
        return {"value": [close[at] - mean(close[at - 31 : at - 10]) for at in range(31, len(close))]}

    return stepwise(derive)


def estimated(estimator: str) -> Source:
    """The estimators as their papers have them, over twenty bars and 252 a year, in percent."""

    def derive(bars: Bars) -> Lines:
        o, h, low, c = (getattr(bars, name).tolist() for name in ("open", "high", "low", "close"))
        found = []
        for at in range(20, len(c)):
            days = range(at - 19, at + 1)
            gaps, bodies = [log(o[d] / c[d - 1]) for d in days], [log(c[d] / o[d]) for d in days]
            if estimator == "parkinson":
                variance = mean([log(h[d] / low[d]) ** 2 for d in days]) / (4 * log(2))
            elif estimator == "garman_klass":
                squares = [log(h[d] / low[d]) ** 2 / 2 - (2 * log(2) - 1) * log(c[d] / o[d]) ** 2 for d in days]
                variance = mean(squares)
            else:
                drift = mean(
                    [log(h[d] / c[d]) * log(h[d] / o[d]) + log(low[d] / c[d]) * log(low[d] / o[d]) for d in days]
                )
                k = 0.34 / (1.34 + 21 / 19)
                variance = drift
                if estimator == "yang_zhang":
                    variance = sample(gaps) + k * sample(bodies) + (1 - k) * drift
            found.append(100 * sqrt(252 * variance))
        return {"value": found}

    def sample(values: list[float]) -> float:
        middle = mean(values)
        return sum((one - middle) ** 2 for one in values) / (len(values) - 1)

    return stepwise(derive)


def returns() -> Source:
    """The sample deviation of twenty log returns, annualised."""

    def derive(bars: Bars) -> Lines:
        c, found = bars.close.tolist(), []
        for at in range(20, len(c)):
            steps = [log(c[d] / c[d - 1]) for d in range(at - 19, at + 1)]
            middle = mean(steps)
            found.append(100 * sqrt(252 * sum((one - middle) ** 2 for one in steps) / 19))
        return {"value": found}

    return stepwise(derive)


CASES = [
    case("percent_rank", ranks()),
    case("z_score", scores()),
    case("skewness", pandas_ta("skew", 1e-8, given="close", value=0)),
    case("kurtosis", pandas_ta("kurtosis", 1e-8, given="close", value=0)),
    case("entropy", pandas_ta("entropy", given="close", options={"base": 10}, value=0)),
    case("detrended_price", detrended()),
    case("market_facilitation", facilitation()),
    case("heikin_ashi", pandas_ta("ha", given=OPEN, **CANDLE)),
    case("historical_volatility", returns()),
    case("historical_volatility", estimated("parkinson"), estimator="parkinson"),
    case("historical_volatility", estimated("garman_klass"), estimator="garman_klass"),
    case("historical_volatility", estimated("yang_zhang"), estimator="yang_zhang"),
    case("historical_volatility", estimated("rogers_satchell"), estimator="rogers_satchell"),
]


@pytest.mark.parametrize("one", CASES, ids=str)
def test_it_agrees_with_others(one: Case, oracle: Callable[[Case], None]) -> None:
    oracle(one)
