"""Historical volatility, by what of a bar is looked at."""

import numpy as np

from analysis.arrays import Floats
from analysis.catalog.entry import Output
from analysis.catalog.params import choice, integer
from analysis.catalog.registry import entry
from analysis.kernels.rolling import deviation, highest, lowest, mean

YANG_ZHANG = 0.34


@entry(
    "historical_volatility",
    title="Historical volatility",
    category="volatility",
    aliases=("hvol", "realised_volatility", "realized_volatility"),
    params=(
        integer("period", 20, 2),
        choice("estimator", "close", ("close", "parkinson", "garman_klass", "rogers_satchell", "yang_zhang")),
        integer("bars_per_year", 0, 0, 10_000_000, "0: as many as bars of the timeframe have"),
    ),
    outputs=(Output("value", "percent", 0, None, constant_value=0.0, settled_value=0.0),),
    warmup=lambda p: int(p["period"]),
    history="window",
    source="close: sample deviation of log returns. Parkinson, J. of Business 53 (1980). Garman and Klass, ibid. "
    "Rogers and Satchell, Annals of Applied Probability 1 (1991). Yang and Zhang, J. of Business 73 (2000).",
    notes="Annualised by the root of bars_per_year, in percent. A year has 252 sessions, 52 weeks, 12 months; of bars "
    "within a session as many as 252 days of 24 hours have, with a note: New York's sessions have 6.5 hours, and coins "
    "trade on 365 days.",
    cost_us=25,
    needs_positive_prices=True,
)
def historical_volatility(
    open: Floats,
    high: Floats,
    low: Floats,
    close: Floats,
    bars_a_year: Floats,
    /,
    *,
    period: int,
    estimator: str,
    bars_per_year: int,
) -> Floats:
    """Return the annualised standard deviation of log returns in percent, as the estimator sees it."""
    year = bars_per_year or float(bars_a_year[0])
    if estimator == "close":
        variance = _sample_variance(np.log(close[1:] / close[:-1]), period)
        return _annualised(variance, year)
    reach, body = np.log(high / low)[1:], np.log(close / open)[1:]
    if estimator == "parkinson":
        variance = _mean(reach * reach, period) / (4 * np.log(2))
    elif estimator == "garman_klass":
        variance = _mean(0.5 * reach * reach - (2 * np.log(2) - 1) * body * body, period)
    else:
        up, down = np.log(high / open)[1:], np.log(low / open)[1:]
        variance = _mean(up * (up - body) + down * (down - body), period)
        if estimator == "yang_zhang":
            overnight = _sample_variance(np.log(open[1:] / close[:-1]), period)
            weight = YANG_ZHANG / (1 + YANG_ZHANG + (period + 1) / (period - 1)) if period > 1 else 0.0
            variance = overnight + weight * _sample_variance(body, period) + (1 - weight) * variance
    return _annualised(variance, year)


def _annualised(variance: Floats, year: float) -> Floats:
    """Return the deviation of a year in percent, with the first bar, which has no return, in front."""
    values = np.empty(len(variance) + 1)
    values[0] = np.nan
    values[1:] = 100 * np.sqrt(np.maximum(variance, 0.0) * year)
    return values


def _mean(values: Floats, period: int) -> Floats:
    found = mean(values, period)
    found[(highest(values, period) == 0.0) & (lowest(values, period) == 0.0)] = 0.0
    return found


def _sample_variance(values: Floats, period: int) -> Floats:
    spread = deviation(values, period)
    return spread * spread * (period / (period - 1))
