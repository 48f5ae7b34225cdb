"""Oscillators of typical price, volume and buying pressure."""

from analysis.arrays import Floats
from analysis.catalog.entry import UNKNOWN, Output
from analysis.catalog.params import integer
from analysis.catalog.registry import entry
from analysis.kernels.cci import channel_index
from analysis.kernels.division import ratio
from analysis.kernels.jit import jit
from analysis.kernels.money_flow_index import flow_index
from analysis.kernels.scaling import unit
from analysis.kernels.ultimate_oscillator import ultimate


@entry(
    "cci",
    title="Commodity channel index",
    category="momentum",
    params=(integer("period", 20, 2),),
    outputs=(Output("value", "points", constant_value=UNKNOWN, settled_value=UNKNOWN),),
    warmup=lambda p: int(p["period"]) - 1,
    history="window",
    undefined_when="the mean deviation of the period is zero",
    source="Lambert, Commodities (October 1980); TradingView's 20; TA-Lib CCI.",
    notes="Unknown without deviation (TA-Lib: 0).",
    cost_us=15,
)
def cci(high: Floats, low: Floats, close: Floats, /, *, period: int) -> Floats:
    """Return the typical price's distance from its mean in units of 0.015 mean deviations."""
    return jit[channel_index](high, low, close, period)


@entry(
    "mfi",
    title="Money flow index",
    category="momentum",
    params=(integer("period", 14, 2),),
    outputs=(Output("value", "points", 0, 100, constant_value=UNKNOWN, settled_value=UNKNOWN),),
    warmup=lambda p: int(p["period"]),
    history="window",
    undefined_when="no money flowed in the period",
    source="Quong and Soudack, Stocks & Commodities 7:3 (1989); TradingView's 14.",
    notes="Unknown without flow (TA-Lib: 0).",
    cost_us=12,
    needs_positive_prices=True,
)
def mfi(high: Floats, low: Floats, close: Floats, volume: Floats, /, *, period: int) -> Floats:
    """Return the money that flowed on rising typical prices as a share of all that flowed, in percent."""
    return jit[flow_index](high, low, close, volume, period)


@entry(
    "ultimate_oscillator",
    title="Ultimate oscillator",
    category="momentum",
    aliases=("uo", "ultosc"),
    params=(integer("short_period", 7, 1), integer("middle_period", 14, 2), integer("long_period", 28, 3)),
    ascending=("short_period", "middle_period", "long_period"),
    outputs=(Output("value", "points", 0, 100, constant_value=UNKNOWN, settled_value=UNKNOWN),),
    warmup=lambda p: int(p["long_period"]),
    history="window",
    undefined_when="the true range of the short period is zero",
    source="Williams, Stocks & Commodities 3:4 (1985); TA-Lib ULTOSC.",
    cost_us=8,
)
def ultimate_oscillator(
    high: Floats, low: Floats, close: Floats, /, *, short_period: int, middle_period: int, long_period: int
) -> Floats:
    """Return buying pressure over true range, averaged over three periods with weights 4, 2 and 1."""
    return jit[ultimate](high, low, close, short_period, middle_period, long_period, unit(close))


@entry(
    "bop",
    title="Balance of power",
    category="momentum",
    aliases=("balance_of_power",),
    outputs=(Output("value", "ratio", -1, 1, constant_value=UNKNOWN, settled_value=UNKNOWN),),
    warmup=lambda p: 0,
    history="window",
    undefined_when="the bar has no range",
    source="Livshin, Stocks & Commodities 19:8 (2001); TradingView's ta.bop, unsmoothed.",
    notes="Unknown without range (TA-Lib: 0).",
    cost_us=3,
)
def bop(open: Floats, high: Floats, low: Floats, close: Floats, /) -> Floats:
    """Return how much of its range the bar went from open to close."""
    return ratio(close - open, high - low)
