"""What holding it would have brought: returns, falls from the top, return for risk, and beside a benchmark."""

import numpy as np

from analysis.arrays import Floats
from analysis.catalog.entry import HELD, UNKNOWN, Output
from analysis.catalog.params import integer, number
from analysis.catalog.registry import entry
from analysis.kernels.division import ratio
from analysis.kernels.rolling import deviation, exact_sum

STILL = 1e-12  # a deviation of returns that divisions leave behind
NOT_POSITIVE = "a value is not above zero"


def _growth(source: Floats, bars: int) -> Floats:
    """Return the value over that of some bars ago; NaN before there are as many, and where one is not above zero."""
    grown = np.full(len(source), np.nan)
    now, before = source[bars:], source[:-bars]
    np.divide(now, before, out=grown[bars:], where=(now > 0) & (before > 0))
    return grown


@entry(
    "log_return",
    title="Logarithmic return",
    category="statistics",
    aliases=("log_returns", "logr"),
    params=(integer("period", 1, 1),),
    outputs=(Output("value", "ratio", constant_value=0.0, settled_value=0.0),),
    warmup=lambda p: int(p["period"]),
    history="window",
    undefined_when=NOT_POSITIVE,
    source="Campbell, Lo and MacKinlay, The Econometrics of Financial Markets (1997), ch. 1.4.",
    notes="0.01 is about one percent.",
    cost_us=7,
    needs_positive_prices=True,
)
def log_return(source: Floats, /, *, period: int) -> Floats:
    """Return the natural logarithm of the value over that of `period` bars ago."""
    return np.log(_growth(source, period))


@entry(
    "drawdown",
    title="Drawdown",
    category="statistics",
    outputs=(
        Output("value", "percent", None, 0, constant_value=0.0, settled_value=HELD),
        Output("maximum", "percent", None, 0, constant_value=0.0, settled_value=HELD),
    ),
    warmup=lambda p: 0,
    history="cumulative",
    undefined_when="no value has been above zero",
    source="Magdon-Ismail and Atiya, Risk 17:10 (2004); the fall from the highest value so far.",
    notes="Negative numbers: −20 is a fifth below the top. From the first bar on; ulcer looks at the last bars alone.",
    cost_us=15,
    needs_positive_prices=True,
)
def drawdown(source: Floats, /) -> tuple[Floats, Floats]:
    """Return by how many percent the value is below the highest so far, and the deepest that this has been."""
    top = np.maximum.accumulate(source)
    fallen = np.minimum(100 * ratio(source - top, top), 0.0)
    return fallen, np.where(np.isnan(fallen), np.nan, np.fmin.accumulate(fallen))


@entry(
    "sharpe_ratio",
    title="Rolling Sharpe ratio",
    category="statistics",
    aliases=("sharpe", "rolling_sharpe"),
    params=(
        integer("period", 126, 2),
        number("risk_free", 0.0, -50, 100, "percent a year"),
        integer("bars_per_year", 0, 0, 10_000_000, "0: as many as bars of the timeframe have"),
    ),
    outputs=(Output("value", "ratio", constant_value=UNKNOWN, settled_value=UNKNOWN),),
    warmup=lambda p: int(p["period"]),
    history="window",
    undefined_when="the returns of the period do not vary, or a value is not above zero",
    source="Sharpe, The Sharpe Ratio, J. of Portfolio Management 21:1 (1994), of the bars' returns; half a year.",
    notes="Mean over sample deviation, times the root of bars_per_year (1: of one bar). A year has 252 sessions, 52 "
    "weeks, 12 months; of bars within a session as many as 252 days of 24 hours have, with a note.",
    cost_us=45,
    needs_positive_prices=True,
)
def sharpe_ratio(
    source: Floats, bars_a_year: Floats, /, *, period: int, risk_free: float, bars_per_year: int
) -> Floats:
    """Return the annualised mean return of the period's bars, less the risk-free one, over its deviation."""
    year = bars_per_year or float(bars_a_year[0])
    returns = _growth(source, 1)[1:] - 1.0
    gained = exact_sum(returns, period) / period - risk_free / 100 / year
    values = np.full(len(source), np.nan)
    values[1:] = np.sqrt(year) * ratio(gained, _sample_deviation(returns, period), np.nan, STILL)
    return values


def _sample_deviation(returns: Floats, period: int) -> Floats:
    """Return the deviation of each window; NaN where one of its returns is, and only there."""
    known = np.isfinite(returns)
    if known.all():
        return deviation(returns, period) * np.sqrt(period / (period - 1))
    spread = deviation(np.where(known, returns, 0.0), period) * np.sqrt(period / (period - 1))
    return np.where(exact_sum(known.astype(np.float64), period) == period, spread, np.nan)


@entry(
    "relative_strength",
    title="Relative strength against a benchmark",
    category="statistics",
    aliases=("price_relative", "comparative_relative_strength", "prs"),
    params=(integer("period", 52, 1, 2_000),),
    outputs=(
        Output("ratio", "source", constant_value=None, settled_value=None),
        Output("mansfield", "percent", constant_value=None, settled_value=None),
    ),
    warmup=lambda p: int(p["period"]) - 1,
    history="window",
    undefined_when="the benchmark lacks a bar of the period, or is not above zero",
    source="Levy, J. of Finance 22:4 (1967); Mansfield's line in Weinstein, Secrets for Profiting in Bull and Bear "
    "Markets (1988): a mean of 52.",
    notes="Not the relative strength index. ratio is in the price's unit over the benchmark's, so only its change "
    "tells something.",
    cost_us=40,
    needs_positive_prices=True,
)
def relative_strength(source: Floats, benchmark: Floats, /, *, period: int) -> tuple[Floats, Floats]:
    """Return the series over the benchmark, and by how many percent that is above its own mean of the period."""
    line = ratio(source, benchmark)
    usual = exact_sum(line, period) / period
    line[np.isnan(usual)] = np.nan
    return line, 100 * ratio(line - usual, usual)
