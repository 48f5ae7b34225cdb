"""Ehlers's Fisher transform."""

import numpy as np

from analysis.arrays import Floats
from analysis.catalog.entry import UNKNOWN, Output
from analysis.catalog.params import integer
from analysis.catalog.registry import entry
from analysis.kernels.convergence import wilder_converged
from analysis.kernels.fisher import transform
from analysis.kernels.jit import jit
from analysis.kernels.stochastic import percent_k

FORGETS = 3  # its first recursion keeps 0.67 of the value before, as a Wilder average of three does


@entry(
    "fisher",
    title="Fisher transform",
    category="momentum",
    aliases=("fisher_transform",),
    params=(integer("period", 9, 2),),
    outputs=(
        Output("fisher", "ratio", constant_value=UNKNOWN, settled_value=UNKNOWN),
        Output("signal", "ratio", constant_value=UNKNOWN, settled_value=UNKNOWN),
    ),
    warmup=lambda p: int(p["period"]),
    history="converging",
    converged_after=lambda p: int(p["period"]) + wilder_converged(FORGETS, 2),
    undefined_when="the range of the middles of the period is zero",
    source="Ehlers, Stocks & Commodities 20:11 (2002); TradingView's 9, with weights 0.66 and 0.67.",
    notes="Of the middle of each bar. A bar without range is unknown, and the next goes on from the bar before it.",
    cost_us=46,
)
def fisher(high: Floats, low: Floats, /, *, period: int) -> tuple[Floats, Floats]:
    """Return the smoothed place of the middle in its range, stretched to a bell curve, and its value of a bar ago."""
    middle = (high + low) / 2
    line, before = jit[transform](percent_k(middle, middle, middle, period))
    line[period - 1] = np.nan
    return line, before
