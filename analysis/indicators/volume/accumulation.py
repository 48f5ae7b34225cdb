"""Running totals of volume; they depend on where the bars begin."""

from analysis.arrays import Floats
from analysis.catalog.entry import HELD, Output
from analysis.catalog.registry import entry
from analysis.kernels import accumulation as kernel
from analysis.kernels.jit import jit
from analysis.kernels.talib import ta


@entry(
    "obv",
    title="On-balance volume",
    category="volume",
    aliases=("on_balance_volume",),
    outputs=(Output("value", "volume", constant_value=HELD, settled_value=HELD),),
    warmup=lambda p: 0,
    history="cumulative",
    accumulates="sum",
    source="Granville, New Key to Stock Market Profits (1963); TA-Lib OBV.",
    notes="Begins with the first bar's volume.",
    cost_us=2,
)
def obv(close: Floats, volume: Floats, /) -> Floats:
    """Return the running total of volume, added on rising and taken off on falling closes."""
    return jit[kernel.on_balance_volume](close, volume)


@entry(
    "accumulation_distribution",
    title="Accumulation/distribution line",
    category="volume",
    aliases=("ad", "adl"),
    outputs=(Output("value", "volume", constant_value=0.0, settled_value=HELD),),
    warmup=lambda p: 0,
    history="cumulative",
    accumulates="sum",
    source="Chaikin; Achelis, Technical Analysis from A to Z (2000), p. 52.",
    cost_us=6,
)
def accumulation_distribution(high: Floats, low: Floats, close: Floats, volume: Floats, /) -> Floats:
    """Return the running total of volume weighted by where in its range each bar closed."""
    return ta.AD(high, low, close, volume)


@entry(
    "price_volume_trend",
    title="Price-volume trend",
    category="volume",
    aliases=("pvt", "volume_price_trend"),
    outputs=(Output("value", "volume", constant_value=0.0, settled_value=HELD),),
    warmup=lambda p: 1,
    history="cumulative",
    accumulates="sum",
    source="Achelis, Technical Analysis from A to Z (2000), p. 274; TradingView's ta.pvt.",
    cost_us=4,
    needs_positive_prices=True,
)
def price_volume_trend(close: Floats, volume: Floats, /) -> Floats:
    """Return the running total of volume times the relative change of the close."""
    return jit[kernel.price_volume_trend](close, volume)
