"""Bounded readings made of candle bodies, streaks and ranks."""

import numpy as np

from analysis.arrays import Floats
from analysis.catalog.entry import HELD, UNKNOWN, Output
from analysis.catalog.params import integer
from analysis.catalog.registry import entry
from analysis.kernels.convergence import wilder_converged
from analysis.kernels.division import clamped, percent
from analysis.kernels.jit import jit
from analysis.kernels.rate_of_change import percent_change
from analysis.kernels.relative_strength import relative_strength
from analysis.kernels.signed_sums import signed_sums
from analysis.kernels.streaks import percent_rank, streak


@entry(
    "intraday_momentum_index",
    title="Intraday momentum index",
    category="momentum",
    aliases=("imi",),
    params=(integer("period", 14, 1),),
    outputs=(Output("value", "points", 0, 100, constant_value=UNKNOWN, settled_value=UNKNOWN),),
    warmup=lambda p: int(p["period"]) - 1,
    history="window",
    undefined_when="every bar of the period closed where it opened",
    source="Chande and Kroll, The New Technical Trader (1994), Intraday Momentum Index; 14 bars.",
    cost_us=9,
)
def intraday_momentum_index(open: Floats, close: Floats, /, *, period: int) -> Floats:
    """Return the rises from open to close as a share of all rises and falls from open to close, in percent."""
    up, down = jit[signed_sums](close - open, period)
    return percent(up, up + down, 0.0, 100.0)


@entry(
    "connors_rsi",
    title="Connors RSI",
    category="momentum",
    aliases=("crsi",),
    params=(integer("rsi_period", 3, 2), integer("streak_period", 2, 2), integer("rank_period", 100, 2)),
    outputs=(Output("value", "points", 0, 100, constant_value=200 / 3, settled_value=HELD),),
    warmup=lambda p: max(int(p["rsi_period"]), int(p["streak_period"]), int(p["rank_period"]) + 1),
    history="converging",
    converged_after=lambda p: max(
        int(p["rank_period"]) + 1, *(wilder_converged(int(p[name])) + 40 for name in ("rsi_period", "streak_period"))
    ),
    source="Connors and Alvarez, An Introduction to ConnorsRSI (2012); TradingView's 3, 2, 100.",
    notes="The rank counts earlier changes that are lower or equal, as TradingView; Connors counts only lower ones.",
    cost_us=30,
    needs_positive_prices=True,
)
def connors_rsi(source: Floats, /, *, rsi_period: int, streak_period: int, rank_period: int) -> Floats:
    """Return the mean of the RSI, the RSI of the streak of rises or falls, and the rank of the last change."""
    values = np.full(len(source), np.nan)
    values[1:] = percent_rank(percent_change(source, 1), rank_period)
    values += relative_strength(source, rsi_period)
    values += relative_strength(streak(source), streak_period)
    return clamped(values / 3, 0.0, 100.0)
