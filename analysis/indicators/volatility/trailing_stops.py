"""Stops that trail the close by average true ranges."""

from analysis.arrays import Floats
from analysis.catalog.entry import HELD, PRICE, UNKNOWN, Output
from analysis.catalog.params import integer, number
from analysis.catalog.registry import entry
from analysis.kernels import trailing_stops as kernel
from analysis.kernels.average_range import average_range
from analysis.kernels.jit import jit


@entry(
    "atr_trailing_stop",
    title="ATR trailing stop",
    category="volatility",
    aliases=("atr_stop", "atrts"),
    params=(integer("period", 21, 2), number("multiplier", 3.0, 0.01, 50)),
    outputs=(
        Output("value", "price", constant_value=PRICE, settled_value=PRICE),
        Output("direction", "direction", -1, 1, constant_value=1.0, settled_value=HELD),
    ),
    warmup=lambda p: int(p["period"]),
    history="path",
    source="Wilder, New Concepts in Technical Trading Systems (1978), p. 23, in the form of Stock.Indicators' AtrStop: "
    "21 bars, 3 average true ranges off the close.",
    notes="direction is 1 while the stop is below price and −1 while it is above. It turns on a close beyond the stop, "
    "not on one that meets it. Vervoort's (Stocks & Commodities 27:6, 2009) begins a turned stop off the close of the "
    "turn; this one may already be nearer. supertrend is the same about the middle of the range.",
    cost_us=8,
)
def atr_trailing_stop(
    high: Floats, low: Floats, close: Floats, /, *, period: int, multiplier: float
) -> tuple[Floats, Floats]:
    """Return the stop some average true ranges off the close, which never moves back, and the trend's direction."""
    return jit[kernel.ratcheting](close, multiplier * average_range(high, low, close, period), period)


@entry(
    "volatility_stop",
    title="Volatility stop",
    category="volatility",
    aliases=("vstop", "volatility_system"),
    params=(integer("period", 7, 2), number("multiplier", 3.0, 0.01, 50)),
    outputs=(
        Output("value", "price", constant_value=UNKNOWN, settled_value=PRICE),
        Output("direction", "direction", -1, 1, constant_value=UNKNOWN, settled_value=HELD),
    ),
    warmup=lambda p: int(p["period"]) + 2,
    history="path",
    undefined_when="the first trend, whose direction is a guess, has not ended",
    source="Wilder, New Concepts in Technical Trading Systems (1978), p. 23: 7 bars, 3 average true ranges.",
    notes="Wilder's significant close is the best one of the trend, the range is that of the bar before. On the bar "
    "that closes beyond the stop, value is the stop that was hit and direction the new trend's. TradingView's, of 20 "
    "and 2, never moves back.",
    cost_us=9,
    warmup_is_minimum=True,
)
def volatility_stop(
    high: Floats, low: Floats, close: Floats, /, *, period: int, multiplier: float
) -> tuple[Floats, Floats]:
    """Return the stop some average true ranges off the trend's best close, and the trend's direction."""
    return jit[kernel.from_the_best_close](close, multiplier * average_range(high, low, close, period), period)
