"""The average price that was paid, anchored at the session's first bar."""

import numpy as np

from analysis.arrays import Floats
from analysis.catalog.entry import PRICE, UNKNOWN, Output
from analysis.catalog.registry import entry
from analysis.kernels.anchored import paid


@entry(
    "vwap",
    title="Volume-weighted average price",
    category="volume",
    outputs=(Output("value", "price", 0, constant_value=PRICE, settled_value=UNKNOWN),),
    warmup=lambda p: 0,
    history="path",
    undefined_when="no volume since the session began",
    source="Berkowitz, Logue and Noser, Journal of Finance 43:1 (1988); TradingView's VWAP anchored to the session.",
    notes="Of typical prices. A session is the bars' own, else a UTC day. TA-Lib's VWAP never starts again.",
    cost_us=60,
)
def vwap(high: Floats, low: Floats, close: Floats, volume: Floats, session: Floats, /) -> Floats:
    """Return the session's sum of typical price × volume over its sum of volume, up to each bar."""
    first = np.ones(len(close), dtype=np.bool_)
    first[1:] = session[1:] != session[:-1]
    return paid(high, low, close, volume, first)
