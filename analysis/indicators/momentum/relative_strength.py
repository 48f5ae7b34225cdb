"""Relative strength and its kin."""

import numpy as np

from analysis.kernels.seeds import wilder_converged
from analysis.kernels.talib import ta
from analysis.params import integer
from analysis.registry import entry
from analysis.spec import Floats, Output


@entry(
    "rsi",
    title="Relative strength index",
    category="momentum",
    params=(integer("period", 14, 2),),
    outputs=(Output("value", "points", 0, 100, flat=50.0),),
    warmup=lambda p: int(p["period"]),
    history="converging",
    converged_after=lambda p: wilder_converged(int(p["period"])),
    source="Wilder (1978), p. 63; TA-Lib RSI. 50 while no change has ever been seen (TA-Lib says 0).",
    cost_us=3,
)
def rsi(source: Floats, /, *, period: int) -> Floats:
    """Return Wilder's average gain as a share of average gain and loss, in percent."""
    values = ta.RSI(source, period)
    moved = np.flatnonzero(source != source[0])
    values[period : moved[0] if len(moved) else None] = 50.0
    return values
