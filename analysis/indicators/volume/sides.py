"""Volume by who was stronger: within a bar, and between bars."""

import numpy as np

from analysis.arrays import Floats
from analysis.catalog.entry import UNKNOWN, Output
from analysis.catalog.params import integer
from analysis.catalog.registry import entry
from analysis.kernels.accumulation import money_flow
from analysis.kernels.division import ratio
from analysis.kernels.jit import jit
from analysis.kernels.signed_sums import signed_sums


@entry(
    "volume_delta_estimate",
    title="Volume delta (an estimate from bars)",
    category="volume",
    aliases=("volume_delta",),
    outputs=(
        Output("delta", "volume", constant_value=0.0, settled_value=0.0),
        Output("buying", "volume", 0, constant_value=None, settled_value=0.0),
        Output("selling", "volume", 0, constant_value=None, settled_value=0.0),
    ),
    warmup=lambda p: 0,
    history="window",
    source="Chaikin's money flow volume (Achelis, Technical Analysis from A to Z, 2000, p. 52), read as the studies "
    "of buying and selling volume at thinkorswim and TradingView do.",
    notes="An estimate: who traded at the ask and who at the bid is not in bars. Volume is shared out by where the bar "
    "closed in its range, half and half without one. accumulation_distribution is its running total.",
    cost_us=9,
)
def volume_delta_estimate(high: Floats, low: Floats, close: Floats, volume: Floats, /) -> tuple[Floats, Floats, Floats]:
    """Return the estimate of volume bought less volume sold, and of both."""
    delta = money_flow(high, low, close, volume).copy()
    return delta, np.maximum((volume + delta) / 2, 0.0), np.maximum((volume - delta) / 2, 0.0)


@entry(
    "up_down_volume",
    title="Up/down volume",
    category="volume",
    aliases=("up_down_volume_ratio", "udvr"),
    params=(integer("period", 50, 1),),
    outputs=(
        Output("ratio", "ratio", 0, constant_value=UNKNOWN, settled_value=UNKNOWN),
        Output("up", "volume", 0, constant_value=0.0, settled_value=0.0),
        Output("down", "volume", 0, constant_value=0.0, settled_value=0.0),
    ),
    warmup=lambda p: int(p["period"]),
    history="window",
    undefined_when="no volume on bars that closed lower (ratio)",
    source="Investor's Business Daily's up/down volume ratio of 50 days; O'Neil, How to Make Money in Stocks (2009).",
    notes="Bars that close where the one before did count on neither side.",
    cost_us=12,
)
def up_down_volume(close: Floats, volume: Floats, /, *, period: int) -> tuple[Floats, Floats, Floats]:
    """Return the volume of the period's bars that closed higher over that of those that closed lower, and both."""
    lines = np.full((3, len(close)), np.nan)
    up, down = jit[signed_sums](np.sign(close[1:] - close[:-1]) * volume[1:], period)
    lines[:, 1:] = ratio(up, down), up, down
    return lines[0], lines[1], lines[2]
