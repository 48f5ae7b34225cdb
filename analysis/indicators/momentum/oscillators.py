"""Oscillators of typical price, volume and buying pressure."""

import numpy as np

from analysis.kernels.talib import ta
from analysis.params import integer
from analysis.registry import entry
from analysis.spec import Floats, Output


@entry(
    "cci",
    title="Commodity channel index",
    category="momentum",
    params=(integer("period", 20, 2),),
    outputs=(Output("value", "points", flat=float("nan"), halted=float("nan")),),
    warmup=lambda p: int(p["period"]) - 1,
    history="window",
    undefined_when="the mean deviation of the period is zero",
    source="Lambert, Commodities (October 1980); TradingView's 20; TA-Lib CCI, but its 0 without deviation is unknown.",
    cost_us=15,
)
def cci(high: Floats, low: Floats, close: Floats, /, *, period: int) -> Floats:
    """Return the typical price's distance from its mean in units of 0.015 mean deviations."""
    values = ta.CCI(high, low, close, period)
    typical = (high + low + close) / 3
    values[ta.MAX(typical, period) == ta.MIN(typical, period)] = np.nan
    return values


@entry(
    "mfi",
    title="Money flow index",
    category="momentum",
    params=(integer("period", 14, 2),),
    outputs=(Output("value", "points", 0, 100, flat=float("nan")),),
    warmup=lambda p: int(p["period"]),
    history="window",
    undefined_when="no money flowed in the period",
    source="Quong and Soudack, Stocks & Commodities 7:3 (1989); TA-Lib MFI.",
)
def mfi(high: Floats, low: Floats, close: Floats, volume: Floats, /, *, period: int) -> Floats:
    """Return the money that flowed on rising typical prices as a share of all that flowed, in percent."""
    typical = (high + low + close) / 3
    step = np.diff(typical, prepend=typical[0])
    flow = typical * volume
    up = ta.SUM(np.where(step > 0, flow, 0.0), period)
    down = ta.SUM(np.where(step < 0, flow, 0.0), period)
    moved = ta.SUM(((step != 0) & (volume > 0)).astype(np.float64), period)
    values = np.full(len(close), np.nan)
    some = moved > 0.5
    values[some] = np.clip(100 * up[some] / (up[some] + down[some]), 0, 100)
    values[:period] = np.nan
    return values


@entry(
    "ultimate_oscillator",
    title="Ultimate oscillator",
    category="momentum",
    aliases=("uo", "ultosc"),
    params=(integer("short_period", 7, 1), integer("middle_period", 14, 1), integer("long_period", 28, 1)),
    outputs=(Output("value", "points", 0, 100, flat=float("nan")),),
    warmup=lambda p: max(int(v) for v in p.values()),
    history="window",
    undefined_when="the true range of a period is zero",
    source="Williams, Stocks & Commodities 3:4 (1985); TA-Lib ULTOSC.",
)
def ultimate_oscillator(
    high: Floats, low: Floats, close: Floats, /, *, short_period: int, middle_period: int, long_period: int
) -> Floats:
    """Return buying pressure over true range, averaged over three periods with weights 4, 2 and 1."""
    values = ta.ULTOSC(high, low, close, short_period, middle_period, long_period)
    span = min(short_period, middle_period, long_period)
    before = np.concatenate((close[:1], close[:-1]))
    reach = np.maximum(high, before) - np.minimum(low, before)
    values[(ta.MAX(reach, span) if span > 1 else reach) == 0] = np.nan
    return values
