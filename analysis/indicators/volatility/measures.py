"""How much it moves, in other measures than a range: widths that grow, drawdowns, choppiness."""

import numpy as np

from analysis.arrays import Floats
from analysis.catalog.entry import UNKNOWN, Output
from analysis.catalog.params import integer
from analysis.catalog.registry import entry
from analysis.kernels.convergence import ema_converged
from analysis.kernels.division import percent, ratio
from analysis.kernels.rate_of_change import percent_apart
from analysis.kernels.rolling import deviation, exact_sum, exponential, highest, lowest, mean
from analysis.kernels.talib import ta


@entry(
    "average_daily_range",
    title="Average daily range",
    category="volatility",
    aliases=("adr",),
    params=(integer("period", 14, 1),),
    outputs=(Output("value", "price", 0, None, constant_value=0.0, settled_value=0.0),),
    warmup=lambda p: int(p["period"]) - 1,
    history="window",
    source="The mean of high less low over the period's bars; TradingView's 14.",
    cost_us=4,
)
def average_daily_range(high: Floats, low: Floats, /, *, period: int) -> Floats:
    """Return the mean range of the bars, gaps left out."""
    values = mean(high - low, period)
    values[highest(high - low, period) == 0.0] = 0.0
    return np.maximum(values, 0.0)


@entry(
    "chaikin_volatility",
    title="Chaikin volatility",
    category="volatility",
    params=(integer("period", 10, 2), integer("change_period", 10, 1)),
    outputs=(Output("value", "percent", constant_value=UNKNOWN, settled_value=None),),
    warmup=lambda p: int(p["period"]) - 1 + int(p["change_period"]),
    history="converging",
    converged_after=lambda p: ema_converged(int(p["period"])) + int(p["change_period"]),
    undefined_when="the average range was zero",
    source="Chaikin in Achelis, Technical Analysis from A to Z (2000), 10 and 10.",
    cost_us=6,
)
def chaikin_volatility(high: Floats, low: Floats, /, *, period: int, change_period: int) -> Floats:
    """Return by how many percent the exponential average of the ranges has grown over the change period."""
    width = exponential(high - low, period)
    before = width[:-change_period]
    values = np.full(len(high), np.nan)
    np.divide(100 * (width[change_period:] - before), before, out=values[change_period:], where=before > 0)
    return values


@entry(
    "ulcer",
    title="Ulcer index",
    category="volatility",
    aliases=("ulcer_index",),
    params=(integer("period", 14, 2),),
    outputs=(Output("value", "percent", 0, None, constant_value=0.0, settled_value=0.0),),
    warmup=lambda p: 2 * (int(p["period"]) - 1),
    history="window",
    source="Martin and McCann, The Investor's Guide to Fidelity Funds (1989): the root mean square of drawdowns.",
    notes="A bar's drawdown is from the highest value of the period that ends with it.",
    cost_us=8,
    needs_positive_prices=True,
)
def ulcer(source: Floats, /, *, period: int) -> Floats:
    """Return the root of the mean squared drawdown from the period's highest value, in percent."""
    fallen = percent_apart(source[period - 1 :], highest(source, period)[period - 1 :])
    values = np.full(len(source), np.nan)
    squares = mean(fallen * fallen, period)
    squares[lowest(fallen, period) == 0.0] = 0.0
    values[period - 1 :] = np.sqrt(np.maximum(squares, 0.0))
    return values


@entry(
    "choppiness",
    title="Choppiness index",
    category="volatility",
    aliases=("chop",),
    params=(integer("period", 14, 2),),
    outputs=(Output("value", "points", 0, None, constant_value=UNKNOWN, settled_value=UNKNOWN),),
    warmup=lambda p: int(p["period"]),
    history="window",
    undefined_when="the period has no range",
    source="Dreiss, Australian Commodities (1993); TradingView's 14.",
    notes="Above 100 only where gaps are larger than the range of the period's bars.",
    cost_us=8,
)
def choppiness(high: Floats, low: Floats, close: Floats, /, *, period: int) -> Floats:
    """Return the logarithm of the summed true ranges over the period's range, 100 for a walk that goes nowhere."""
    ways = exact_sum(ta.TRANGE(high, low, close), period)
    reach = highest(high, period) - lowest(low, period)
    return np.maximum(np.log10(ratio(ways, reach)) * (100 / np.log10(period)), 0.0)


@entry(
    "mass_index",
    title="Mass index",
    category="volatility",
    params=(integer("period", 10, 2), integer("average_period", 9, 2)),
    outputs=(Output("value", "ratio", 0, None, constant_value=UNKNOWN, settled_value=None),),
    warmup=lambda p: 2 * (int(p["average_period"]) - 1) + int(p["period"]) - 1,
    history="converging",
    converged_after=lambda p: ema_converged(int(p["average_period"]), 2) + int(p["period"]),
    undefined_when="a smoothed range of the period was zero",
    source="Dorsey, Stocks & Commodities 10:6 (1992), who sums 25; TradingView's 10.",
    cost_us=8,
)
def mass_index(high: Floats, low: Floats, /, *, period: int, average_period: int) -> Floats:
    """Return the sum over the period of the ranges' average over the average of that."""
    once = exponential(high - low, average_period)
    return exact_sum(ratio(once, exponential(once, average_period)), period)


@entry(
    "relative_volatility_index",
    title="Relative volatility index",
    category="volatility",
    aliases=("rvi",),
    params=(integer("period", 10, 2), integer("average_period", 14, 2)),
    outputs=(Output("value", "points", 0, 100, constant_value=UNKNOWN, settled_value=None),),
    warmup=lambda p: int(p["period"]) - 1 + int(p["average_period"]) - 1,
    history="converging",
    converged_after=lambda p: int(p["period"]) + ema_converged(int(p["average_period"])),
    undefined_when="nothing has moved",
    source="Dorsey, Stocks & Commodities 11:6 (1993); TradingView's 10 and 14, population deviation.",
    cost_us=12,
)
def relative_volatility_index(source: Floats, /, *, period: int, average_period: int) -> Floats:
    """Return the averaged deviation of bars that rose as a share of that of all bars that moved, in percent."""
    spread = deviation(source, period)[period - 1 :]
    rose = source[period - 1 :] > source[period - 2 : -1]
    up = exponential(np.where(rose, spread, 0.0), average_period)
    down = exponential(np.where(rose, 0.0, spread), average_period)
    values = np.empty(len(source))
    values[: period - 1] = np.nan
    values[period - 1 :] = percent(up, up + down, 0.0, 100.0)
    return values
