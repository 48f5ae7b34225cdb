"""Trailing stops that follow a trend."""

from analysis.kernels.talib import ta
from analysis.params import number
from analysis.registry import entry
from analysis.spec import Floats, Output


@entry(
    "parabolic_sar",
    title="Parabolic stop and reverse",
    category="trend",
    aliases=("psar", "sar"),
    params=(number("acceleration", 0.02, 0.0001, 1), number("maximum", 0.2, 0.0001, 1)),
    outputs=(Output("value", "price"),),
    warmup=lambda p: 1,
    history="path",
    source="Wilder (1978), p. 8; TA-Lib SAR.",
    cost_us=4,
)
def parabolic_sar(high: Floats, low: Floats, /, *, acceleration: float, maximum: float) -> Floats:
    """Return the stop that accelerates towards price and reverses when touched."""
    return ta.SAR(high, low, acceleration, maximum)
