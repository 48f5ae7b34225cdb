"""Ranges of bars."""

from analysis.arrays import Floats
from analysis.catalog.entry import Output
from analysis.catalog.params import integer
from analysis.catalog.registry import entry
from analysis.kernels.average_range import average_range
from analysis.kernels.convergence import wilder_converged
from analysis.kernels.talib import ta

WILDER = "Wilder, New Concepts in Technical Trading Systems (1978)"


@entry(
    "true_range",
    title="True range",
    category="volatility",
    aliases=("tr", "trange"),
    outputs=(Output("value", "price", 0, constant_value=0.0, settled_value=0.0),),
    warmup=lambda p: 1,
    history="window",
    source=f"{WILDER}, p. 21; TA-Lib TRANGE.",
    cost_us=1,
)
def true_range(high: Floats, low: Floats, close: Floats, /) -> Floats:
    """Return the bar's range, the gap from the close before included."""
    return ta.TRANGE(high, low, close)


@entry(
    "atr",
    title="Average true range",
    category="volatility",
    aliases=("average_true_range",),
    params=(integer("period", 14, 1),),
    outputs=(Output("value", "price", 0, constant_value=0.0, settled_value=0.0),),
    warmup=lambda p: int(p["period"]),
    history="converging",
    converged_after=lambda p: wilder_converged(int(p["period"])),
    source=f"{WILDER}, p. 23; TA-Lib ATR.",
    cost_us=3,
)
def atr(high: Floats, low: Floats, close: Floats, /, *, period: int) -> Floats:
    """Return Wilder's average of the true range."""
    return average_range(high, low, close, period)


@entry(
    "natr",
    title="Normalised average true range",
    category="volatility",
    aliases=("atr_percent",),
    params=(integer("period", 14, 1),),
    outputs=(Output("value", "percent", 0, constant_value=0.0, settled_value=0.0),),
    warmup=lambda p: int(p["period"]),
    history="converging",
    converged_after=lambda p: wilder_converged(int(p["period"])),
    source="Forman, Stocks & Commodities 24:6 (2006); TA-Lib ATR over the close.",
    cost_us=4,
    needs_positive_prices=True,
)
def natr(high: Floats, low: Floats, close: Floats, /, *, period: int) -> Floats:
    """Return the average true range in percent of the close."""
    return 100 * average_range(high, low, close, period) / close
