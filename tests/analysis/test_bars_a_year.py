"""How many bars a year has: by the timeframe, never by what there happens to be."""

import numpy as np
import pytest

from analysis import Bars, Plan, run
from analysis.timeframe import KNOWN, bars_a_year
from analysis.validation import series
from analysis.validation.entry_checks import LATER_NS

ASSUMED = "bars_per_year_assumed"


def volatility(bars: Bars, text: str = "historical_volatility") -> tuple[float, list[str]]:
    result = run(Plan.parse([f"x = {text}"]), bars, now_ns=LATER_NS)
    return float(result["x"][-1]), [note["code"] for note in result.quality]


@pytest.mark.parametrize(
    ("timeframe", "year"), [("1d", 252), ("1w", 52), ("1M", 12), ("1h", 6_048), ("4h", 1_512), ("1m", 362_880)]
)
def test_a_year_is_the_timeframes(timeframe: str, year: int) -> None:
    assert bars_a_year(timeframe) == year
    assert all(bars_a_year(one) > 0 for one in KNOWN)


@pytest.mark.parametrize("timeframe", ["1d", "1w", "1h", "30m"])
def test_volatility_is_annualised_by_the_timeframe_or_as_asked(timeframe: str) -> None:
    bars = series.random_walk(60, timeframe=timeframe)
    found, notes = volatility(bars)
    asked, silent = volatility(bars, "historical_volatility(bars_per_year=1000)")
    returns = np.log(bars.close[1:] / bars.close[:-1])[-20:]
    assert found == pytest.approx(100 * returns.std(ddof=1) * np.sqrt(bars_a_year(timeframe)))
    assert asked == pytest.approx(100 * returns.std(ddof=1) * np.sqrt(1000))
    assert (ASSUMED in notes) is (timeframe in ("1h", "30m"))
    assert ASSUMED not in silent


def test_on_weeks_of_days_a_year_has_weeks() -> None:
    bars = series.random_walk(400)
    weekly, _ = volatility(bars, "historical_volatility@1w")
    assert weekly == pytest.approx(volatility(bars, "historical_volatility(bars_per_year=52)@1w")[0])


@pytest.mark.parametrize("timeframe", ["1d", "1h"])
def test_a_ratio_of_returns_is_annualised_alike(timeframe: str) -> None:
    bars = series.random_walk(60, timeframe=timeframe)
    found, notes = volatility(bars, "sharpe_ratio(20)")
    returns = (bars.close[1:] / bars.close[:-1] - 1)[-20:]
    assert found == pytest.approx(returns.mean() / returns.std(ddof=1) * np.sqrt(bars_a_year(timeframe)))
    assert (ASSUMED in notes) is (timeframe == "1h")
