"""Dispersion of a series."""

import numpy as np

from analysis.kernels.talib import ta
from analysis.params import integer
from analysis.registry import entry
from analysis.spec import Floats, Output


@entry(
    "standard_deviation",
    title="Standard deviation",
    category="volatility",
    aliases=("stddev", "stdev"),
    params=(integer("period", 20, 2),),
    outputs=(Output("value", "as its source", 0, flat=0.0, halted=0.0),),
    warmup=lambda p: int(p["period"]) - 1,
    history="window",
    source="The population's standard deviation (divided by n), as in Bollinger's bands; TA-Lib STDDEV.",
    cost_us=3,
)
def standard_deviation(source: Floats, /, *, period: int) -> Floats:
    """Return the root mean square distance from the mean of the last `period` values."""
    values = ta.STDDEV(source, period, 1.0)
    # Sums of squares leave a residue on a stretch without movement.
    values[ta.MAX(source, period) == ta.MIN(source, period)] = 0.0
    return np.asarray(values)
