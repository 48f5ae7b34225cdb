"""Price without its trend, and how easily a range is made."""

import numpy as np

from analysis.arrays import Floats
from analysis.catalog.entry import UNKNOWN, Output
from analysis.catalog.params import integer
from analysis.catalog.registry import entry
from analysis.kernels.rolling import mean


@entry(
    "detrended_price",
    title="Detrended price oscillator",
    category="cycle",
    aliases=("dpo",),
    params=(integer("period", 21, 2),),
    outputs=(Output("value", "source", constant_value=0.0, settled_value=0.0),),
    warmup=lambda p: int(p["period"]) + int(p["period"]) // 2,
    history="window",
    source="Achelis, Technical Analysis from A to Z (2000), known at its bar: TradingView's, not centred.",
    notes="close − mean of period / 2 + 1 bars ago. The centred form is another value, the close of that bar − "
    "the mean now, drawn at that earlier bar, where nobody knew it: it is not offered.",
    cost_us=4,
)
def detrended_price(source: Floats, /, *, period: int) -> Floats:
    """Return the value less the mean of period / 2 + 1 bars ago."""
    ago = period // 2 + 1
    values = np.full(len(source), np.nan)
    values[ago:] = source[ago:] - mean(source, period)[:-ago]
    return values


@entry(
    "market_facilitation",
    title="Market facilitation index",
    category="cycle",
    aliases=("marketfi", "bw_mfi"),
    outputs=(Output("value", "price / volume", 0, None, constant_value=0.0, settled_value=UNKNOWN),),
    warmup=lambda _: 0,
    history="window",
    undefined_when="the bar has no volume",
    source="Williams, Trading Chaos (1995).",
    cost_us=2,
)
def market_facilitation(high: Floats, low: Floats, volume: Floats, /) -> Floats:
    """Return the range that a unit of volume made."""
    values = np.full(len(high), np.nan)
    np.divide(high - low, volume, out=values, where=volume > 0)
    return values
