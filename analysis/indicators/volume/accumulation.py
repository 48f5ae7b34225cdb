"""Running totals of volume; they depend on where the bars begin."""

from analysis.kernels.talib import ta
from analysis.registry import entry
from analysis.spec import Floats, Output


@entry(
    "obv",
    title="On-balance volume",
    category="volume",
    aliases=("on_balance_volume",),
    outputs=(Output("value", "volume"),),
    warmup=lambda p: 0,
    history="cumulative",
    source="Granville, New Key to Stock Market Profits (1963); TA-Lib OBV: begins with the first bar's volume.",
    cost_us=2,
)
def obv(close: Floats, volume: Floats, /) -> Floats:
    """Return the running total of volume, added on rising and taken off on falling closes."""
    return ta.OBV(close, volume)


@entry(
    "accumulation_distribution",
    title="Accumulation/distribution line",
    category="volume",
    aliases=("ad", "adl"),
    outputs=(Output("value", "volume"),),
    warmup=lambda p: 0,
    history="cumulative",
    source="Chaikin; Achelis, Technical Analysis from A to Z (2000), p. 52; TA-Lib AD.",
    cost_us=2,
)
def accumulation_distribution(high: Floats, low: Floats, close: Floats, volume: Floats, /) -> Floats:
    """Return the running total of volume weighted by where in its range each bar closed."""
    return ta.AD(high, low, close, volume)
