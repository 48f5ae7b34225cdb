"""Change over a span of bars, and between averages."""

from analysis.arrays import Floats
from analysis.catalog.entry import Output
from analysis.catalog.params import integer
from analysis.catalog.registry import entry
from analysis.kernels.averages import signalled
from analysis.kernels.convergence import ema_converged
from analysis.kernels.jit import jit
from analysis.kernels.rate_of_change import percent_apart, percent_since
from analysis.kernels.rolling import exponential, mean
from analysis.kernels.talib import ta

MURPHY = "Murphy, Technical Analysis of the Financial Markets (1999), ch. 10"


@entry(
    "roc",
    title="Rate of change",
    category="momentum",
    params=(integer("period", 9, 1),),
    outputs=(Output("value", "percent", constant_value=0.0, settled_value=0.0),),
    warmup=lambda p: int(p["period"]),
    history="window",
    undefined_when="the source of `period` bars ago is zero",
    source=f"{MURPHY}; TradingView's 9.",
    cost_us=3,
    needs_positive_prices=True,
)
def roc(source: Floats, /, *, period: int) -> Floats:
    """Return the change over `period` bars in percent of the earlier value."""
    return jit[percent_since](source, period)


@entry(
    "momentum",
    title="Momentum",
    category="momentum",
    aliases=("mom",),
    params=(integer("period", 10, 1),),
    outputs=(Output("value", "source", constant_value=0.0, settled_value=0.0),),
    warmup=lambda p: int(p["period"]),
    history="window",
    source=f"{MURPHY}; TA-Lib MOM.",
    cost_us=1,
)
def momentum(source: Floats, /, *, period: int) -> Floats:
    """Return the change over `period` bars."""
    return ta.MOM(source, period)


@entry(
    "ppo",
    title="Percentage price oscillator",
    category="momentum",
    params=(integer("fast_period", 12, 2), integer("slow_period", 26, 2), integer("signal_period", 9, 1)),
    ascending=("fast_period", "slow_period"),
    outputs=(
        Output("ppo", "percent", constant_value=0.0, settled_value=0.0),
        Output("signal", "percent", constant_value=0.0, settled_value=0.0),
        Output("histogram", "percent", constant_value=0.0, settled_value=0.0),
    ),
    warmup=lambda p: int(p["slow_period"]) + int(p["signal_period"]) - 2,
    history="converging",
    converged_after=lambda p: ema_converged(int(p["slow_period"])) + ema_converged(int(p["signal_period"])),
    source="Appel's MACD in percent of the slow average; StockCharts ChartSchool, Percentage Price Oscillator.",
    notes="Each average is seeded at its own beginning. Meant for sources that stay above zero.",
    cost_us=8,
    needs_positive_prices=True,
)
def ppo(source: Floats, /, *, fast_period: int, slow_period: int, signal_period: int) -> tuple[Floats, Floats, Floats]:
    """Return EMA(fast) − EMA(slow) in percent of EMA(slow), its EMA, and their difference."""
    line = percent_apart(exponential(source, fast_period), exponential(source, slow_period))
    return jit[signalled](line, signal_period)


@entry(
    "awesome",
    title="Awesome oscillator",
    category="momentum",
    aliases=("ao", "awesome_oscillator"),
    params=(integer("fast_period", 5, 1), integer("slow_period", 34, 2)),
    ascending=("fast_period", "slow_period"),
    outputs=(Output("value", "price", constant_value=0.0, settled_value=0.0),),
    warmup=lambda p: int(p["slow_period"]) - 1,
    history="window",
    source="Williams, New Trading Dimensions (1998); TradingView's 5 and 34.",
    cost_us=5,
)
def awesome(high: Floats, low: Floats, /, *, fast_period: int, slow_period: int) -> Floats:
    """Return SMA(fast) − SMA(slow) of the middle of the range."""
    middle = (high + low) / 2
    return mean(middle, fast_period) - mean(middle, slow_period)
