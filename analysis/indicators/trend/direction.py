"""Directional movement and the age of extremes."""

from analysis.kernels.seeds import wilder_converged
from analysis.kernels.talib import ta
from analysis.params import integer
from analysis.registry import entry
from analysis.spec import Floats, Output


@entry(
    "adx",
    title="Average directional index",
    category="trend",
    params=(integer("period", 14, 2),),
    outputs=(Output("value", "points", 0, 100, flat=0.0),),
    warmup=lambda p: 2 * int(p["period"]) - 1,
    history="converging",
    converged_after=lambda p: wilder_converged(int(p["period"]), 2),
    source="Wilder, New Concepts in Technical Trading Systems (1978), p. 35; TA-Lib ADX.",
)
def adx(high: Floats, low: Floats, close: Floats, /, *, period: int) -> Floats:
    """Return Wilder's average of the directional index, from 0 to 100."""
    return ta.ADX(high, low, close, period)


@entry(
    "di",
    title="Directional indicators",
    category="trend",
    aliases=("dmi",),
    params=(integer("period", 14, 2),),
    outputs=(Output("plus", "points", 0, 100, flat=0.0), Output("minus", "points", 0, 100, flat=0.0)),
    warmup=lambda p: int(p["period"]),
    history="converging",
    converged_after=lambda p: wilder_converged(int(p["period"])),
    source="Wilder (1978), p. 35; TA-Lib PLUS_DI and MINUS_DI.",
)
def di(high: Floats, low: Floats, close: Floats, /, *, period: int) -> tuple[Floats, Floats]:
    """Return upward and downward movement as a share of the true range, in percent."""
    return ta.PLUS_DI(high, low, close, period), ta.MINUS_DI(high, low, close, period)


@entry(
    "aroon",
    title="Aroon",
    category="trend",
    params=(integer("period", 14, 2),),
    outputs=(
        Output("up", "percent", 0, 100),
        Output("down", "percent", 0, 100),
        Output("oscillator", "points", -100, 100),
    ),
    warmup=lambda p: int(p["period"]),
    history="window",
    source="Chande, Stocks & Commodities 13:9 (1995); TA-Lib AROON and AROONOSC.",
)
def aroon(high: Floats, low: Floats, /, *, period: int) -> tuple[Floats, Floats, Floats]:
    """Return how recent the highest high and the lowest low of period + 1 bars are, and their difference."""
    down, up = ta.AROON(high, low, period)
    return up, down, up - down
