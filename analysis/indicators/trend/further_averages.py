"""Moving averages of special weights: triangular, Tillson's, zero-lag, Gaussian."""

from functools import lru_cache

import numpy as np

from analysis.arrays import Floats
from analysis.catalog.entry import PRICE, Output
from analysis.catalog.params import integer, number
from analysis.catalog.registry import entry
from analysis.kernels.convergence import ema_converged
from analysis.kernels.jit import jit
from analysis.kernels.rolling import exponential, triangular
from analysis.kernels.rolling_windows import weighted_average
from analysis.kernels.talib import ta

VALUE = (Output("value", "source", constant_value=PRICE, settled_value=PRICE),)


@entry(
    "trima",
    title="Triangular moving average",
    category="trend",
    params=(integer("period", 20, 2),),
    outputs=VALUE,
    warmup=lambda p: int(p["period"]) - 1,
    history="window",
    source="Kaufman, Trading Systems and Methods (2013), ch. 7; TA-Lib TRIMA.",
    notes="The mean of a mean; of an even period the outer one is a bar longer.",
    cost_us=4,
)
def trima(source: Floats, /, *, period: int) -> Floats:
    """Return the mean whose weights rise to the middle of the period and fall again."""
    return triangular(source, period)


@entry(
    "t3",
    title="Tillson T3",
    category="trend",
    params=(integer("period", 5, 2), number("volume_factor", 0.7, 0.0, 1.0)),
    outputs=VALUE,
    warmup=lambda p: 6 * (int(p["period"]) - 1),
    history="converging",
    converged_after=lambda p: ema_converged(int(p["period"]), 6),
    source="Tillson, Stocks & Commodities 16:1 (1998); TA-Lib T3.",
    cost_us=4,
)
def t3(source: Floats, /, *, period: int, volume_factor: float) -> Floats:
    """Return Tillson's combination of three to six times smoothed values."""
    return ta.T3(source, period, volume_factor)


@entry(
    "zlema",
    title="Zero-lag exponential moving average",
    category="trend",
    params=(integer("period", 20, 2),),
    outputs=VALUE,
    warmup=lambda p: int(p["period"]) - 1 + (int(p["period"]) - 1) // 2,
    history="converging",
    converged_after=lambda p: ema_converged(int(p["period"])) + (int(p["period"]) - 1) // 2,
    source="Ehlers and Way, Zero Lag (2010): the EMA of twice the value less the one (period − 1) / 2 bars ago.",
    cost_us=5,
)
def zlema(source: Floats, /, *, period: int) -> Floats:
    """Return the exponential average of values that are moved ahead by their change over the lag."""
    lag = (period - 1) // 2
    values = np.full(len(source), np.nan)
    values[lag:] = exponential(2 * source[lag:] - source[: len(source) - lag], period)
    return values


@entry(
    "alma",
    title="Arnaud Legoux moving average",
    category="trend",
    params=(integer("period", 9, 2, 2_000), number("offset", 0.85, 0.0, 1.0), number("sigma", 6.0, 0.1, 100)),
    outputs=VALUE,
    warmup=lambda p: int(p["period"]) - 1,
    history="window",
    source="Legoux and Kouzis-Loukas (2009); TradingView's 9, 0.85 and 6.",
    cost_us=8,
)
def alma(source: Floats, /, *, period: int, offset: float, sigma: float) -> Floats:
    """Return the mean under a Gaussian bell that stands at `offset` of the period and is period / sigma wide."""
    return jit[weighted_average](source, _bell(period, offset, sigma))


@lru_cache(maxsize=64)
def _bell(period: int, offset: float, sigma: float) -> Floats:
    """Return the weights, oldest first, which add up to one."""
    away = (np.arange(period) - offset * (period - 1)) * sigma / period
    weights = np.exp(-away * away / 2)
    bell: Floats = weights / weights.sum()
    return bell
