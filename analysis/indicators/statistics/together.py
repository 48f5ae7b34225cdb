"""How two series move together."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from analysis.arrays import Floats
from analysis.catalog.entry import UNKNOWN, Output
from analysis.catalog.params import integer
from analysis.catalog.registry import entry

STILL = 1e-12  # of the values' size: what sums leave behind


def _moments(one: Floats, two: Floats, period: int) -> tuple[Floats, Floats, Floats]:
    """Return the windows' covariance and both variances; NaN where a value is unknown, or a variance is none."""
    first, second = sliding_window_view(one, period), sliding_window_view(two, period)
    away = first - first.mean(axis=1, keepdims=True)
    off = second - second.mean(axis=1, keepdims=True)
    spread, wide = (away * away).mean(axis=1), (off * off).mean(axis=1)
    spread[spread <= (STILL * np.abs(first).max(axis=1)) ** 2] = np.nan
    wide[wide <= (STILL * np.abs(second).max(axis=1)) ** 2] = np.nan
    return (away * off).mean(axis=1), spread, wide


@entry(
    "correlation",
    title="Correlation with a benchmark",
    category="statistics",
    aliases=("correl",),
    params=(integer("period", 20, 2, 2_000),),
    outputs=(Output("value", "ratio", -1, 1, constant_value=UNKNOWN, settled_value=UNKNOWN),),
    warmup=lambda p: int(p["period"]) - 1,
    history="window",
    undefined_when="one of the two does not vary, or the benchmark lacks a bar of the period",
    source="Pearson's coefficient of the values themselves, as TradingView's and TA-Lib's.",
    cost_us=110,
)
def correlation(source: Floats, benchmark: Floats, /, *, period: int) -> Floats:
    """Return Pearson's correlation of the series with the benchmark over the period."""
    shared, spread, wide = _moments(source, benchmark, period)
    values = np.full(len(source), np.nan)
    values[period - 1 :] = np.clip(shared / np.sqrt(spread * wide), -1, 1)
    return values


@entry(
    "beta",
    title="Beta",
    category="statistics",
    params=(integer("period", 60, 2, 2_000),),
    outputs=(Output("value", "ratio", constant_value=0.0, settled_value=0.0),),
    warmup=lambda p: int(p["period"]),
    history="window",
    undefined_when="the benchmark does not vary, lacks a bar of the period, or a value was zero",
    source="Sharpe, Journal of Finance 19:3 (1964): covariance of the returns over the benchmark's variance.",
    cost_us=200,
    needs_positive_prices=True,
)
def beta(source: Floats, benchmark: Floats, /, *, period: int) -> Floats:
    """Return how many percent the series moves with a percent of the benchmark."""
    mine, theirs = (
        np.divide(one[1:], one[:-1], out=np.full(len(one) - 1, np.nan), where=one[:-1] != 0) - 1
        for one in (source, benchmark)
    )
    shared, _, wide = _moments(mine, theirs, period)
    values = np.full(len(source), np.nan)
    values[period:] = shared / wide
    return values
