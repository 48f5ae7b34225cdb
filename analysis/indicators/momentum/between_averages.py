"""Price against its average, and averages against each other, in price."""

from analysis.arrays import Floats
from analysis.catalog.entry import Output
from analysis.catalog.params import integer
from analysis.catalog.registry import entry
from analysis.kernels.convergence import ema_converged
from analysis.kernels.rolling import exponential, mean


@entry(
    "apo",
    title="Absolute price oscillator",
    category="momentum",
    aliases=("absolute_price_oscillator",),
    params=(integer("fast_period", 12, 1), integer("slow_period", 26, 2)),
    ascending=("fast_period", "slow_period"),
    outputs=(Output("value", "source", constant_value=0.0, settled_value=0.0),),
    warmup=lambda p: int(p["slow_period"]) - 1,
    history="converging",
    converged_after=lambda p: ema_converged(int(p["slow_period"])),
    source="Achelis, Technical Analysis from A to Z (2000), Price Oscillator; exponential averages, 12 and 26.",
    notes="Each average is seeded at its own beginning. TA-Lib's APO takes simple averages unless told otherwise.",
    cost_us=4,
)
def apo(source: Floats, /, *, fast_period: int, slow_period: int) -> Floats:
    """Return EMA(fast) − EMA(slow)."""
    return exponential(source, fast_period) - exponential(source, slow_period)


@entry(
    "accelerator",
    title="Accelerator oscillator",
    category="momentum",
    aliases=("ac", "accelerator_oscillator"),
    params=(integer("fast_period", 5, 1), integer("slow_period", 34, 2), integer("signal_period", 5, 1)),
    ascending=("fast_period", "slow_period"),
    outputs=(Output("value", "price", constant_value=0.0, settled_value=0.0),),
    warmup=lambda p: int(p["slow_period"]) + int(p["signal_period"]) - 2,
    history="window",
    source="Williams, New Trading Dimensions (1998); 5, 34 and 5.",
    cost_us=6,
)
def accelerator(high: Floats, low: Floats, /, *, fast_period: int, slow_period: int, signal_period: int) -> Floats:
    """Return the awesome oscillator less its simple average."""
    middle = (high + low) / 2
    line = mean(middle, fast_period) - mean(middle, slow_period)
    first = slow_period - 1
    line[first:] -= mean(line[first:], signal_period)
    return line


@entry(
    "elder_ray",
    title="Elder ray",
    category="momentum",
    aliases=("eri", "elder_ray_index"),
    params=(integer("period", 13, 1),),
    outputs=(
        Output("bull", "price", constant_value=0.0, settled_value=0.0),
        Output("bear", "price", constant_value=0.0, settled_value=0.0),
    ),
    warmup=lambda p: int(p["period"]) - 1,
    history="converging",
    converged_after=lambda p: ema_converged(int(p["period"])),
    source="Elder, Trading for a Living (1993), Elder-ray; an exponential average of 13 closes.",
    notes="TradingView's Bull Bear Power is the sum of the two.",
    cost_us=4,
)
def elder_ray(high: Floats, low: Floats, close: Floats, /, *, period: int) -> tuple[Floats, Floats]:
    """Return how far the high and the low are above the exponential average of the close."""
    average = exponential(close, period)
    return high - average, low - average
