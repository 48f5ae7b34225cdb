"""A filter that lags less than an average as smooth."""

from math import ceil, log, pi, sqrt

from analysis.arrays import Floats
from analysis.catalog.entry import PRICE, Output
from analysis.catalog.params import integer
from analysis.catalog.registry import entry
from analysis.kernels import super_smoother as kernel
from analysis.kernels.convergence import CHAIN_MARGIN, NEGLIGIBLE
from analysis.kernels.jit import fused


@entry(
    "super_smoother",
    title="Super smoother",
    category="trend",
    aliases=("ssf", "super_smoother_filter"),
    params=(integer("period", 10, 2),),
    outputs=(Output("value", "source", constant_value=PRICE, settled_value=PRICE),),
    warmup=lambda p: int(p["period"]) - 1,
    history="converging",
    converged_after=lambda p: (
        int(p["period"]) + ceil(-CHAIN_MARGIN * log(NEGLIGIBLE) * int(p["period"]) / (sqrt(2) * pi))
    ),
    source="Ehlers, Cycle Analytics for Traders (2013), ch. 3, code listing 3-3; 10.",
    notes="Of the mean of two neighbouring values, which his form of 2004 leaves out; the root of 2 where he writes "
    "1.414. The filter begins at the first value.",
    cost_us=4,
)
def super_smoother(source: Floats, /, *, period: int) -> Floats:
    """Return the value without its cycles shorter than `period` bars."""
    values = fused[kernel.super_smoother](source, period)
    values[: period - 1] = float("nan")
    return values
