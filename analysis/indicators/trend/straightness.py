"""How straight the way was."""

import numpy as np

from analysis.arrays import Floats
from analysis.catalog.entry import UNKNOWN, Output
from analysis.catalog.params import integer
from analysis.catalog.registry import entry
from analysis.kernels.division import clamped, ratio
from analysis.kernels.rolling import exact_sum, highest, lowest

STILL = "nothing has moved over the period"


def _way(source: Floats, period: int) -> Floats:
    """Return how far the last `period` changes went in all; NaN before there are as many."""
    way = np.full(len(source), np.nan)
    way[1:] = exact_sum(np.abs(source[1:] - source[:-1]), period)
    return way


@entry(
    "efficiency_ratio",
    title="Efficiency ratio",
    category="trend",
    aliases=("er", "kaufman_efficiency_ratio"),
    params=(integer("period", 10, 1),),
    outputs=(Output("value", "ratio", 0, 1, constant_value=UNKNOWN, settled_value=UNKNOWN),),
    warmup=lambda p: int(p["period"]),
    history="window",
    undefined_when=STILL,
    source="Kaufman, Smarter Trading (1995); 10 bars.",
    cost_us=14,
)
def efficiency_ratio(source: Floats, /, *, period: int) -> Floats:
    """Return the change over the period as a share of the way: 1 for a straight line."""
    change = np.full(len(source), np.nan)
    change[period:] = np.abs(source[period:] - source[:-period])
    return clamped(ratio(change, _way(source, period)), 0.0, 1.0)


@entry(
    "vertical_horizontal_filter",
    title="Vertical horizontal filter",
    category="trend",
    aliases=("vhf",),
    params=(integer("period", 28, 2),),
    outputs=(Output("value", "ratio", 0, 1, constant_value=UNKNOWN, settled_value=UNKNOWN),),
    warmup=lambda p: int(p["period"]),
    history="window",
    undefined_when=STILL,
    source="White, Futures (August 1991); Achelis, Technical Analysis from A to Z (2000), p. 337; 28 bars.",
    notes="The range of the period's values over as many changes, that into the first of them among them.",
    cost_us=13,
)
def vertical_horizontal_filter(source: Floats, /, *, period: int) -> Floats:
    """Return the range of the period's values as a share of the way: near 1 in a trend, near 0 without one."""
    return clamped(ratio(highest(source, period) - lowest(source, period), _way(source, period)), 0.0, 1.0)
