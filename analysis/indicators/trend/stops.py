"""Trailing stops that follow a trend."""

import numpy as np

from analysis.arrays import Floats
from analysis.catalog.entry import HELD, PRICE, Output
from analysis.catalog.params import integer, number
from analysis.catalog.registry import entry
from analysis.kernels.talib import ta


@entry(
    "parabolic_sar",
    title="Parabolic stop and reverse",
    category="trend",
    aliases=("psar", "sar"),
    params=(number("acceleration", 0.02, 0.0001, 1), number("maximum", 0.2, 0.0001, 1)),
    outputs=(Output("value", "price", 0, constant_value=PRICE, settled_value=None),),
    warmup=lambda p: 1,
    history="path",
    source="Wilder, New Concepts in Technical Trading Systems (1978), p. 8; TA-Lib SAR.",
    cost_us=4,
)
def parabolic_sar(high: Floats, low: Floats, /, *, acceleration: float, maximum: float) -> Floats:
    """Return the stop that accelerates towards price and reverses when touched."""
    return ta.SAR(high, low, acceleration, maximum)


@entry(
    "supertrend",
    title="Supertrend",
    category="trend",
    aliases=("st",),
    params=(integer("period", 10, 2), number("multiplier", 3.0, 0.01, 50)),
    outputs=(
        Output("value", "price", constant_value=PRICE, settled_value=PRICE),
        Output("direction", "direction", -1, 1, constant_value=None, settled_value=HELD),
    ),
    warmup=lambda p: int(p["period"]),
    history="path",
    source="Seban (2009), as TradingView draws it: middle of the range ± multiplier × ATR; TA-Lib SUPERTREND.",
    notes="direction is 1 while the trend is up (the line is below price) and −1 while it is down.",
    cost_us=6,
)
def supertrend(high: Floats, low: Floats, close: Floats, /, *, period: int, multiplier: float) -> tuple[Floats, Floats]:
    """Return the trailing line and the direction of the trend."""
    line, trend = ta.SUPERTREND(high, low, close, period, multiplier)
    direction = trend.astype(np.float64)
    direction[np.isnan(line)] = np.nan
    return line, direction
