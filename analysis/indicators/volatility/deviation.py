"""Dispersion of a series."""

from analysis.arrays import Floats
from analysis.catalog.entry import Output
from analysis.catalog.params import integer
from analysis.catalog.registry import entry
from analysis.kernels.rolling import deviation


@entry(
    "standard_deviation",
    title="Standard deviation",
    category="volatility",
    aliases=("stddev", "stdev"),
    params=(integer("period", 20, 2),),
    outputs=(Output("value", "source", 0, constant_value=0.0, settled_value=0.0),),
    warmup=lambda p: int(p["period"]) - 1,
    history="window",
    source="Bollinger on Bollinger Bands (2001), ch. 7: the population's (divided by n); TA-Lib STDDEV.",
    cost_us=6,
)
def standard_deviation(source: Floats, /, *, period: int) -> Floats:
    """Return the root mean square distance from the mean of the last `period` values."""
    return deviation(source, period)
