"""Spread, returns, falls from the top and strength beside a benchmark: against others, or step by step."""

from collections.abc import Callable
from math import sqrt
from pathlib import Path
from statistics import fmean, stdev

import numpy as np
import pytest

from analysis import Plan, run
from analysis.bars import Bars
from analysis.validation import series
from tests.analysis.oracles.cases import Case, Expected, Source, case
from tests.analysis.oracles.printed import skender_states
from tests.analysis.oracles.sources import GOLDEN, csv_bars, lean, pandas_ta, tulipy
from tests.analysis.oracles.stepwise import Lines, stepwise, talib
from tests.analysis.shipped import ROOT

PRINTED = {8: 1.108340, 249: 1.222373, 501: 1.356817}


def sampled(source: Source, period: int) -> Source:
    """Lean's ratio, which takes the population's deviation, with the sample's."""

    def load(folder: Path) -> Expected:
        found = source.load(folder)
        columns = {name: column * sqrt((period - 1) / period) for name, column in found.columns.items()}
        return Expected(found.bars, columns, found.relative, found.absolute)

    return Source(source.name, load, source.folder)


def for_risk(period: int, risk_free: float) -> Source:
    """Python's own mean and sample deviation of the last returns, annualised over 252 sessions."""

    def derive(bars: Bars) -> Lines:
        close = bars.close.tolist()
        returns = [close[at] / close[at - 1] - 1 for at in range(1, len(close))]
        windows = [returns[end - period : end] for end in range(period, len(returns) + 1)]
        return {"value": [(fmean(one) - risk_free / 252) / stdev(one) * sqrt(252) for one in windows]}

    return stepwise(derive)


def fallen(_folder: Path) -> Expected:
    """pandas-ta-classic's drawdown, a share that is above zero, in percent below it, and its least so far."""
    expected = pandas_ta("drawdown", given="close", value=1).load(Path())
    value = -100 * expected.columns["value"]
    return Expected(expected.bars, {"value": value, "maximum": np.minimum.accumulate(value)})


def beside_the_made_one(bars: Bars) -> Lines:
    """The close over the second series', and its distance from the mean of 52."""
    other = series.companion(bars)
    line = [mine / theirs for mine, theirs in zip(bars.close.tolist(), other.close.tolist(), strict=True)]
    means = [fmean(line[at - 51 : at + 1]) for at in range(51, len(line))]
    apart = [100 * (now / mean - 1) for now, mean in zip(line[51:], means, strict=True)]
    return {"ratio": line[51:], "mansfield": apart}


CASES = [
    case("variance", lean("spy_var.txt.gz", 1e-9, value="Var"), period=10),
    case("variance", talib("VAR", 20, inputs="close")),
    case("variance", pandas_ta("variance", given="close", options={"length": 20}, value=0)),
    case("median", pandas_ta("median", given="close", options={"length": 20}, value=0)),
    case("median", pandas_ta("median", given="close", options={"length": 21}, value=0), period=21),
    case("mean_absolute_deviation", pandas_ta("mad", given="close", options={"length": 20}, value=0)),
    case("mean_absolute_deviation", talib("AVGDEV", 20, inputs="close")),
    case("mean_absolute_deviation", tulipy(value="md"), period=5),
    case("log_return", lean("spy_logr14.txt.gz", 1e-6, value="LOGR14"), period=14),
    case("log_return", pandas_ta("log_return", given="close", value=0)),
    case("drawdown", Source("pandas-ta-classic", fallen)),
    case("sharpe_ratio", sampled(lean("spy_sr.txt", 1e-4, value="SR_10"), 10), period=10, bars_per_year=1),
    case("sharpe_ratio", for_risk(126, 0.0)),
    case("sharpe_ratio", for_risk(60, 0.03), period=60, risk_free=3.0),
    case("relative_strength", skender_states("compare.csv.gz", beside="default.csv.gz", ratio=PRINTED), period=1),
    case("relative_strength", stepwise(beside_the_made_one)),
]  # fmt: skip


@pytest.mark.parametrize("one", CASES, ids=str)
def test_it_agrees_with_others(one: Case, oracle: Callable[[Case], None]) -> None:
    oracle(one)


def test_mansfields_line_is_that_of_stock_indicators_means() -> None:
    """Of ten: at bar 249 the line is printed as 1.222373 and its mean as 1.275808, at 501 as 1.356817 and 1.343445."""
    bars, other = (csv_bars(ROOT / GOLDEN / "skender" / name) for name in ("compare.csv.gz", "default.csv.gz"))
    found = run(Plan.parse(["relative_strength(10)"]), bars, benchmark=other)["relative_strength(period=10).mansfield"]
    printed = [100 * (1.222373 / 1.275808 - 1), 100 * (1.356817 / 1.343445 - 1)]
    assert found[[249, 501]] == pytest.approx(printed, abs=1e-4)
