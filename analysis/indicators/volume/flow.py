"""Money flow over a window."""

import numpy as np

from analysis.kernels.talib import ta
from analysis.params import integer
from analysis.registry import entry
from analysis.spec import Floats, Output


@entry(
    "chaikin_money_flow",
    title="Chaikin money flow",
    category="volume",
    aliases=("cmf",),
    params=(integer("period", 20, 2),),
    outputs=(Output("value", "ratio", -1, 1, flat=0.0, halted=0.0),),
    warmup=lambda p: int(p["period"]) - 1,
    history="window",
    undefined_when="no volume in the period",
    source="Chaikin; Achelis (2000), p. 85; 0 for bars without range.",
    cost_us=6,
)
def chaikin_money_flow(high: Floats, low: Floats, close: Floats, volume: Floats, /, *, period: int) -> Floats:
    """Return volume weighted by where each bar closed in its range, over all volume of the period."""
    reach = high - low
    place = np.divide(2 * close - high - low, reach, out=np.zeros_like(close), where=reach > 0)
    traded = ta.SUM(volume, period)
    flowed = ta.SUM(place * volume, period)
    some = ta.MAX(volume, period) > 0
    values = np.full(len(close), np.nan)
    values[some] = np.clip(flowed[some] / traded[some], -1, 1)
    return values
