"""Fast against slow averages of volume that has a direction, and of price that has a weight."""

from analysis.arrays import Floats
from analysis.catalog.entry import UNKNOWN, Output
from analysis.catalog.params import integer
from analysis.catalog.registry import entry
from analysis.kernels.accumulation import forced
from analysis.kernels.averages import signalled
from analysis.kernels.convergence import ema_converged
from analysis.kernels.jit import jit
from analysis.kernels.rolling import exponential
from analysis.kernels.rolling_windows import volume_weighted


@entry(
    "klinger",
    title="Klinger oscillator",
    category="volume",
    aliases=("kvo", "klinger_oscillator", "klinger_volume_oscillator"),
    params=(integer("fast_period", 34, 1), integer("slow_period", 55, 2), integer("signal_period", 13, 1)),
    ascending=("fast_period", "slow_period"),
    outputs=(
        Output("kvo", "volume", constant_value=0.0, settled_value=0.0),
        Output("signal", "volume", constant_value=0.0, settled_value=0.0),
    ),
    warmup=lambda p: int(p["slow_period"]) + int(p["signal_period"]) - 1,
    history="converging",
    converged_after=lambda p: ema_converged(int(p["slow_period"])) + ema_converged(int(p["signal_period"])) + 1,
    source="Klinger, Stocks & Commodities 15:12 (1997), as TradingView's Klinger Oscillator: 34, 55, 13.",
    notes="As there, the whole volume gets the sign of the typical price's change; Klinger's volume force also weighs "
    "it by the range.",
    cost_us=9,
)
def klinger(
    high: Floats,
    low: Floats,
    close: Floats,
    volume: Floats,
    /,
    *,
    fast_period: int,
    slow_period: int,
    signal_period: int,
) -> tuple[Floats, Floats]:
    """Return EMA(fast) − EMA(slow) of volume, negative where the typical price fell, and the EMA of that."""
    force = jit[forced](high, low, close, volume)
    line = exponential(force, fast_period) - exponential(force, slow_period)
    line, signal, _ = jit[signalled](line, signal_period)
    return line, signal


@entry(
    "volume_weighted_macd",
    title="Volume-weighted MACD",
    category="volume",
    aliases=("vwmacd", "vw_macd"),
    params=(integer("fast_period", 12, 1), integer("slow_period", 26, 2), integer("signal_period", 9, 1)),
    ascending=("fast_period", "slow_period"),
    outputs=(
        Output("macd", "source", constant_value=0.0, settled_value=UNKNOWN),
        Output("signal", "source", constant_value=0.0, settled_value=UNKNOWN),
        Output("histogram", "source", constant_value=0.0, settled_value=UNKNOWN),
    ),
    warmup=lambda p: int(p["slow_period"]) + int(p["signal_period"]) - 2,
    history="converging",
    converged_after=lambda p: int(p["slow_period"]) + ema_converged(int(p["signal_period"])),
    undefined_when="no volume in the fast period",
    source="Dormeier, Investing with Volume Analysis (2011), VW-MACD: 12, 26, and an exponential signal of 9.",
    notes="A bar without volume in the fast period is unknown, and the signal goes on from the bar before it.",
    cost_us=14,
)
def volume_weighted_macd(
    source: Floats, volume: Floats, /, *, fast_period: int, slow_period: int, signal_period: int
) -> tuple[Floats, Floats, Floats]:
    """Return VWMA(fast) − VWMA(slow), its exponential average, and their difference."""
    weigh = jit[volume_weighted]
    line = weigh(source, volume, fast_period) - weigh(source, volume, slow_period)
    return jit[signalled](line, signal_period)
