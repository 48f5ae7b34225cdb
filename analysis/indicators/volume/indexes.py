"""Where price went on days of more, and of less, volume than the day before."""

from analysis.arrays import Floats
from analysis.catalog.entry import HELD, Output
from analysis.catalog.registry import entry
from analysis.kernels.talib import ta

FOSBACK = "Fosback, Stock Market Logic (1976); TA-Lib"


@entry(
    "nvi",
    title="Negative volume index",
    category="volume",
    aliases=("negative_volume_index",),
    outputs=(Output("value", "points", 0, constant_value=1_000.0, settled_value=HELD),),
    warmup=lambda p: 0,
    history="cumulative",
    accumulates="product",
    source=f"{FOSBACK} NVI.",
    notes="Begins with 1,000 and is compounded; other software adds percentages up.",
    cost_us=3,
    needs_positive_prices=True,
)
def nvi(close: Floats, volume: Floats, /) -> Floats:
    """Return 1,000 compounded with the close's change of every bar with less volume than the bar before."""
    return ta.NVI(close, volume)


@entry(
    "pvi",
    title="Positive volume index",
    category="volume",
    aliases=("positive_volume_index",),
    outputs=(Output("value", "points", 0, constant_value=1_000.0, settled_value=HELD),),
    warmup=lambda p: 0,
    history="cumulative",
    accumulates="product",
    source=f"{FOSBACK} PVI.",
    notes="Begins with 1,000 and is compounded; other software adds percentages up.",
    cost_us=3,
    needs_positive_prices=True,
)
def pvi(close: Floats, volume: Floats, /) -> Floats:
    """Return 1,000 compounded with the close's change of every bar with more volume than the bar before."""
    return ta.PVI(close, volume)
