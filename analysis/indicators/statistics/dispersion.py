"""The middle of the last values, and how far they are from it."""

from analysis.arrays import Floats
from analysis.catalog.entry import PRICE, Output
from analysis.catalog.params import integer
from analysis.catalog.registry import entry
from analysis.kernels.jit import jit
from analysis.kernels.moments import mean_distance
from analysis.kernels.rolling import deviation
from analysis.kernels.rolling_median import rolling_median


@entry(
    "variance",
    title="Variance",
    category="statistics",
    aliases=("var",),
    params=(integer("period", 20, 2),),
    outputs=(Output("value", "source²", 0, constant_value=0.0, settled_value=0.0),),
    warmup=lambda p: int(p["period"]) - 1,
    history="window",
    source="The second moment about the mean, the population's (divided by n); as TA-Lib's VAR.",
    notes="The square of standard_deviation.",
    cost_us=6,
)
def variance(source: Floats, /, *, period: int) -> Floats:
    """Return the mean squared distance from the mean of the last `period` values."""
    spread = deviation(source, period)
    return spread * spread


@entry(
    "median",
    title="Median",
    category="statistics",
    params=(integer("period", 20, 1, 2_000),),
    outputs=(Output("value", "source", constant_value=PRICE, settled_value=PRICE),),
    warmup=lambda p: int(p["period"]) - 1,
    history="window",
    source="Tukey, Exploratory Data Analysis (1977), ch. 2: the value in the middle, or the mean of the two there.",
    notes="TradingView's ta.median. One bad tick does not move it.",
    cost_us=10,
)
def median(source: Floats, /, *, period: int) -> Floats:
    """Return the median of the last `period` values."""
    return jit[rolling_median](source, period)


@entry(
    "mean_absolute_deviation",
    title="Mean absolute deviation",
    category="statistics",
    aliases=("mad", "mean_deviation", "avgdev"),
    params=(integer("period", 20, 2, 2_000),),
    outputs=(Output("value", "source", 0, constant_value=0.0, settled_value=0.0),),
    warmup=lambda p: int(p["period"]) - 1,
    history="window",
    source="Lambert, Commodities (October 1980), as the measure of his commodity channel index; as TA-Lib's AVGDEV.",
    notes="From the mean, not from the median. TradingView's ta.dev.",
    cost_us=6,
)
def mean_absolute_deviation(source: Floats, /, *, period: int) -> Floats:
    """Return the mean distance from the mean of the last `period` values."""
    return jit[mean_distance](source, period)
