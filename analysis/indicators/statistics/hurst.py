"""The Hurst exponent."""

import numpy as np

from analysis.arrays import Floats
from analysis.catalog.entry import UNKNOWN, Output
from analysis.catalog.params import integer
from analysis.catalog.registry import entry
from analysis.kernels.jit import jit
from analysis.kernels.rescaled_range import expected, exponents, parts


@entry(
    "hurst",
    title="Hurst exponent",
    category="statistics",
    aliases=("hurst_exponent",),
    params=(integer("period", 100, 20, 2_000),),
    outputs=(
        Output("value", "ratio", constant_value=UNKNOWN, settled_value=UNKNOWN),
        Output("corrected", "ratio", constant_value=UNKNOWN, settled_value=UNKNOWN),
    ),
    warmup=lambda p: int(p["period"]),
    history="window",
    undefined_when="the source is not above zero, or does not move in a part of the period",
    source="Peters, Fractal Market Analysis (1994); Anis & Lloyd, Biometrika 63 (1976), for what is corrected.",
    notes="Rescaled range of log returns, in 1, 2, 4 … 32 parts of at least 8. Above 0.5 it persists, below it "
    "reverts; `value` is too high on short periods, which `corrected` is not.",
    cost_us=130,
    needs_positive_prices=True,
)
def hurst(source: Floats, /, *, period: int) -> tuple[Floats, Floats]:
    """Return the slope of log R/S over log size, plain and without the bias of small sizes."""
    changes = np.full(len(source), np.nan)
    ratio = np.full(len(source) - 1, np.nan)
    np.divide(source[1:], source[:-1], out=ratio, where=(source[1:] > 0) & (source[:-1] > 0))
    changes[1:] = np.log(ratio)
    numbers = parts(period)
    means = np.array([expected(period // number) for number in numbers])
    plain, corrected = jit[exponents](changes, period, np.array(numbers, np.float64), means)
    return plain, corrected
