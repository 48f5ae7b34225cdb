"""Gains against losses."""

import numpy as np

from analysis.arrays import Floats
from analysis.catalog.entry import HELD, UNKNOWN, Output
from analysis.catalog.params import integer
from analysis.catalog.registry import entry
from analysis.kernels.convergence import ema_converged, wilder_converged
from analysis.kernels.division import percent
from analysis.kernels.hold_last import held_share
from analysis.kernels.jit import jit
from analysis.kernels.relative_strength import relative_strength
from analysis.kernels.rolling import exponential
from analysis.kernels.scaling import unit
from analysis.kernels.signed_sums import signed_sums

RESIDUE = 1e-12  # of the source's unit; movement below it is what averages leave behind


@entry(
    "rsi",
    title="Relative strength index",
    category="momentum",
    params=(integer("period", 14, 2),),
    outputs=(Output("value", "points", 0, 100, constant_value=50.0, settled_value=HELD),),
    warmup=lambda p: int(p["period"]),
    history="converging",
    converged_after=lambda p: wilder_converged(int(p["period"])),
    source="Wilder, New Concepts in Technical Trading Systems (1978), p. 63; TA-Lib RSI.",
    notes="50 while no change has ever been seen (TA-Lib: 0); what it was while nothing changes any more.",
    cost_us=3,
)
def rsi(source: Floats, /, *, period: int) -> Floats:
    """Return Wilder's average gain as a share of average gain and loss, in percent."""
    return relative_strength(source, period)


@entry(
    "cmo",
    title="Chande momentum oscillator",
    category="momentum",
    params=(integer("period", 9, 2),),
    outputs=(Output("value", "points", -100, 100, constant_value=UNKNOWN, settled_value=UNKNOWN),),
    warmup=lambda p: int(p["period"]),
    history="window",
    undefined_when="nothing changed in the period",
    source="Chande and Kroll, The New Technical Trader (1994), ch. 5; plain sums, as TradingView.",
    notes="TA-Lib's CMO smooths as Wilder does.",
    cost_us=6,
)
def cmo(source: Floats, /, *, period: int) -> Floats:
    """Return gains less losses over gains and losses of the period, in percent."""
    up, down = jit[signed_sums](source[1:] - source[:-1], period)
    values = np.empty(len(source))
    values[0] = np.nan
    values[1:] = percent(up - down, up + down, -100.0, 100.0)
    return values


@entry(
    "tsi",
    title="True strength index",
    category="momentum",
    params=(integer("long_period", 25, 2), integer("short_period", 13, 2), integer("signal_period", 13, 1)),
    outputs=(
        Output("tsi", "points", -100, 100, constant_value=0.0, settled_value=HELD),
        Output("signal", "points", -100, 100, constant_value=0.0, settled_value=HELD),
    ),
    warmup=lambda p: sum(int(value) for value in p.values()) - 2,
    history="converging",
    converged_after=lambda p: sum(ema_converged(int(value)) for value in p.values()),
    source="Blau, Stocks & Commodities 9:11 (1991); TradingView's 25, 13, 13.",
    notes="0 while no change has ever been seen.",
    cost_us=12,
)
def tsi(source: Floats, /, *, long_period: int, short_period: int, signal_period: int) -> tuple[Floats, Floats]:
    """Return change over absolute change, both smoothed twice, in percent, and its average."""
    step, line = source[1:] - source[:-1], np.empty(len(source))
    moved, moving = (exponential(exponential(one, long_period), short_period) for one in (step, np.abs(step)))
    line[0] = np.nan
    line[1:] = held_share(moved, moving, RESIDUE / unit(source))
    signal = exponential(line, signal_period)
    line[: long_period + short_period + signal_period - 2] = np.nan
    return line, signal
