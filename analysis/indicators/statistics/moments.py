"""Where a value stands among the last ones, and the shape of their distribution."""

import numpy as np

from analysis.arrays import Floats
from analysis.catalog.entry import UNKNOWN, Output
from analysis.catalog.params import integer
from analysis.catalog.registry import entry
from analysis.kernels.division import ratio
from analysis.kernels.jit import jit
from analysis.kernels.moments import moment, normalised_entropy
from analysis.kernels.rolling import deviation, mean
from analysis.kernels.streaks import percent_rank as rank

STILL = 1e-12  # of the value's size: a deviation that sums leave behind


@entry(
    "z_score",
    title="Z-score",
    category="statistics",
    aliases=("zscore",),
    params=(integer("period", 20, 2),),
    outputs=(Output("value", "ratio", constant_value=UNKNOWN, settled_value=UNKNOWN),),
    warmup=lambda p: int(p["period"]) - 1,
    history="window",
    undefined_when="the values of the period do not vary",
    source="Standard score over the period; population deviation, as in Bollinger bands.",
    cost_us=12,
)
def z_score(source: Floats, /, *, period: int) -> Floats:
    """Return by how many population deviations the value is above its mean."""
    middle, spread = mean(source, period), deviation(source, period)
    return ratio(source - middle, np.where(spread > STILL * np.abs(middle), spread, 0.0))


@entry(
    "percent_rank",
    title="Percent rank",
    category="statistics",
    params=(integer("period", 100, 2),),
    outputs=(Output("value", "points", 0, 100, constant_value=100.0, settled_value=100.0),),
    warmup=lambda p: int(p["period"]),
    history="window",
    source="TradingView's ta.percentrank: how many percent of the period's values before are at most this one.",
    cost_us=20,
)
def percent_rank(source: Floats, /, *, period: int) -> Floats:
    """Return how many percent of the `period` values before are at most this one."""
    return rank(source, period)


@entry(
    "skewness",
    title="Skewness",
    category="statistics",
    aliases=("skew",),
    params=(integer("period", 30, 3, 2_000),),
    outputs=(Output("value", "ratio", constant_value=UNKNOWN, settled_value=UNKNOWN),),
    warmup=lambda p: int(p["period"]) - 1,
    history="window",
    undefined_when="the values of the period do not vary",
    source="Fisher and Pearson's adjusted third moment G1 (Joanes and Gill, The Statistician 47, 1998).",
    cost_us=70,
)
def skewness(source: Floats, /, *, period: int) -> Floats:
    """Return how far the values of the period lean: positive with a long tail upwards."""
    return jit[moment](source, period, 3, STILL) * (np.sqrt(period * (period - 1)) / (period - 2))


@entry(
    "kurtosis",
    title="Excess kurtosis",
    category="statistics",
    params=(integer("period", 30, 4, 2_000),),
    outputs=(Output("value", "ratio", constant_value=UNKNOWN, settled_value=UNKNOWN),),
    warmup=lambda p: int(p["period"]) - 1,
    history="window",
    undefined_when="the values of the period do not vary",
    source="Fisher's adjusted excess fourth moment G2 (Joanes and Gill, The Statistician 47, 1998); 0 for a normal.",
    cost_us=70,
)
def kurtosis(source: Floats, /, *, period: int) -> Floats:
    """Return how heavy the tails of the period's values are beside a normal distribution's."""
    excess = jit[moment](source, period, 4, STILL) - 3
    return (period - 1) / ((period - 2) * (period - 3)) * ((period + 1) * excess + 6)


@entry(
    "entropy",
    title="Entropy",
    category="statistics",
    params=(integer("period", 10, 2, 2_000),),
    outputs=(Output("value", "ratio", 0, 1, constant_value=1.0, settled_value=1.0),),
    warmup=lambda p: int(p["period"]) - 1,
    history="window",
    undefined_when="a value of the period is not above zero",
    source="Shannon, A Mathematical Theory of Communication (1948), of the values as shares of their sum.",
    notes="As a part of its greatest, log(period): 1 when all values are equal. Times log2(period) it is in bits.",
    cost_us=30,
    needs_positive_prices=True,
)
def entropy(source: Floats, /, *, period: int) -> Floats:
    """Return how evenly the period's sum is spread over its values, 1 when they are equal."""
    return jit[normalised_entropy](source, period)
