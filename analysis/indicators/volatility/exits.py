"""Stops hung from extremes by average true ranges."""

from analysis.arrays import Floats
from analysis.catalog.entry import PRICE, Output
from analysis.catalog.params import integer, number
from analysis.catalog.registry import entry
from analysis.kernels.average_range import average_range
from analysis.kernels.convergence import wilder_converged
from analysis.kernels.rolling import highest, lowest

STOPS = (
    Output("long", "price", constant_value=PRICE, settled_value=PRICE),
    Output("short", "price", constant_value=PRICE, settled_value=PRICE),
)


@entry(
    "chandelier_exit",
    title="Chandelier exit",
    category="volatility",
    params=(integer("period", 22, 2), number("multiplier", 3.0, 0.01, 20)),
    outputs=STOPS,
    warmup=lambda p: int(p["period"]),
    history="converging",
    converged_after=lambda p: wilder_converged(int(p["period"])),
    source="LeBeau in Elder, Come into My Trading Room (2002); 22 bars, 3 average true ranges.",
    cost_us=8,
)
def chandelier_exit(
    high: Floats, low: Floats, close: Floats, /, *, period: int, multiplier: float
) -> tuple[Floats, Floats]:
    """Return the stop of a long below the period's high and of a short above its low."""
    width = multiplier * average_range(high, low, close, period)
    return highest(high, period) - width, lowest(low, period) + width


@entry(
    "chande_kroll",
    title="Chande Kroll stop",
    category="volatility",
    aliases=("cksp",),
    params=(integer("period", 10, 2), number("multiplier", 1.0, 0.01, 20), integer("stop_period", 9, 1)),
    outputs=STOPS,
    warmup=lambda p: int(p["period"]) + int(p["stop_period"]) - 1,
    history="converging",
    converged_after=lambda p: wilder_converged(int(p["period"])) + int(p["stop_period"]),
    source="Chande and Kroll, The New Technical Trader (1994); TradingView's 10, 1 and 9.",
    notes="TradingView plots them as they are named here: long below, short above the price in a trend.",
    cost_us=11,
)
def chande_kroll(
    high: Floats, low: Floats, close: Floats, /, *, period: int, multiplier: float, stop_period: int
) -> tuple[Floats, Floats]:
    """Return the lowest and the highest of the preliminary stops over the stop period."""
    width = multiplier * average_range(high, low, close, period)
    return lowest(lowest(low, period) + width, stop_period), highest(highest(high, period) - width, stop_period)
