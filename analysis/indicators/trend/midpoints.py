"""The middle of a span of bars."""

from analysis.arrays import Floats
from analysis.catalog.entry import PRICE, Output
from analysis.catalog.params import integer
from analysis.catalog.registry import entry
from analysis.kernels.rolling import middle

SOURCE = "TA-Lib's overlap studies; the base line of Ichimoku and the middle of Donchian's channel"


@entry(
    "midpoint",
    title="Midpoint",
    category="trend",
    params=(integer("period", 14, 1),),
    outputs=(Output("value", "source", constant_value=PRICE, settled_value=PRICE),),
    warmup=lambda p: int(p["period"]) - 1,
    history="window",
    source=f"{SOURCE}, of one series; 14.",
    cost_us=4,
)
def midpoint(source: Floats, /, *, period: int) -> Floats:
    """Return the middle of the highest and the lowest of the last `period` values."""
    return middle(source, source, period)


@entry(
    "midprice",
    title="Midprice",
    category="trend",
    params=(integer("period", 14, 1),),
    outputs=(Output("value", "price", constant_value=PRICE, settled_value=PRICE),),
    warmup=lambda p: int(p["period"]) - 1,
    history="window",
    source=f"{SOURCE}; 14.",
    cost_us=4,
)
def midprice(high: Floats, low: Floats, /, *, period: int) -> Floats:
    """Return the middle of the highest high and the lowest low of the last `period` bars."""
    return middle(high, low, period)
