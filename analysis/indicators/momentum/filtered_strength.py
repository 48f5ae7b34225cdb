"""The relative strength index on smoother footing: of Laguerre's stages, and with a band that trails it."""

from math import ceil, log

import numpy as np

from analysis.arrays import Floats
from analysis.catalog.entry import HELD, Output
from analysis.catalog.params import integer, number
from analysis.catalog.registry import entry
from analysis.kernels.convergence import CHAIN_MARGIN, NEGLIGIBLE
from analysis.kernels.hold_last import held_share
from analysis.kernels.jit import jit
from analysis.kernels.laguerre import steps_of_stages
from analysis.kernels.ratcheting_bands import trailing_line
from analysis.kernels.relative_strength import NEUTRAL, relative_strength
from analysis.kernels.rolling import exponential
from analysis.kernels.scaling import unit

RESIDUE = 1e-12  # of the source's unit; movement below it is what filters leave behind
STAGES = 4


@entry(
    "laguerre_rsi",
    title="Laguerre RSI",
    category="momentum",
    aliases=("lrsi",),
    params=(number("gamma", 0.5, 0.01, 0.95, "how much of a stage stays: more is smoother and later"),),
    outputs=(Output("value", "points", 0, 100, constant_value=NEUTRAL, settled_value=HELD),),
    warmup=lambda p: STAGES - 1,
    history="converging",
    converged_after=lambda p: STAGES + ceil(CHAIN_MARGIN * STAGES * log(NEGLIGIBLE) / log(float(p["gamma"]))),
    source="Ehlers, Cybernetic Analysis for Stocks and Futures (2004), ch. 14; 0.5.",
    notes="In percent (Ehlers: from 0 to 1). 50 while no change has ever been seen; what it was while nothing changes.",
    cost_us=10,
)
def laguerre_rsi(source: Floats, /, *, gamma: float) -> Floats:
    """Return the rises between the stages of a Laguerre filter as a share of rises and falls, in percent."""
    # Rises less falls are what the first stage is above the last.
    risen, apart = jit[steps_of_stages](source, gamma)
    values = NEUTRAL + held_share(risen, apart, RESIDUE / unit(source)) / 2
    values[: STAGES - 1] = np.nan
    return values


@entry(
    "qqe",
    title="Quantitative qualitative estimation",
    category="momentum",
    params=(integer("period", 14, 2), integer("smoothing", 5, 1), number("factor", 4.236, 0.01, 50)),
    outputs=(
        Output("rsi", "points", 0, 100, constant_value=NEUTRAL, settled_value=HELD),
        Output("line", "points", constant_value=NEUTRAL, settled_value=HELD),
        Output("direction", "direction", -1, 1, constant_value=1.0, settled_value=HELD),
    ),
    warmup=lambda p: 5 * int(p["period"]) + int(p["smoothing"]) - 4,
    history="path",
    source="Ignatov's QQE for MetaTrader (2006) as TradingView's scripts draw it: an RSI of 14 in an average of 5, "
    "4.236 times its average change.",
    notes="The change is averaged twice over 2 × period − 1 bars, Wilder's period. Each average is seeded with the "
    "mean of its first values; the bands begin off the first bar that has all of them, in an upward trend. line is "
    "the lower band in an upward trend, the upper one in a downward; direction is 1 or −1.",
    cost_us=18,
)
def qqe(source: Floats, /, *, period: int, smoothing: int, factor: float) -> tuple[Floats, Floats, Floats]:
    """Return the smoothed RSI, the band that trails it by some average changes, and the trend that it tells."""
    smooth = exponential(relative_strength(source, period), smoothing)
    change = np.full(len(smooth), np.nan)
    change[1:] = np.abs(smooth[1:] - smooth[:-1])
    width = factor * exponential(exponential(change, 2 * period - 1), 2 * period - 1)
    line, direction = jit[trailing_line](smooth, width)
    smooth[np.isnan(line)] = np.nan
    return smooth, line, direction
