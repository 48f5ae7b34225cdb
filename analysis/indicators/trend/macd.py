"""Moving average convergence/divergence."""

from analysis.arrays import Floats
from analysis.catalog.entry import Output
from analysis.catalog.params import integer
from analysis.catalog.registry import entry
from analysis.kernels import averages
from analysis.kernels.convergence import ema_converged
from analysis.kernels.jit import fused


@entry(
    "macd",
    title="Moving average convergence/divergence",
    category="trend",
    params=(integer("fast_period", 12, 2), integer("slow_period", 26, 2), integer("signal_period", 9, 1)),
    ascending=("fast_period", "slow_period"),
    outputs=(
        Output("macd", "source", constant_value=0.0, settled_value=0.0),
        Output("signal", "source", constant_value=0.0, settled_value=0.0),
        Output("histogram", "source", constant_value=0.0, settled_value=0.0),
    ),
    warmup=lambda p: int(p["slow_period"]) + int(p["signal_period"]) - 2,
    history="converging",
    converged_after=lambda p: ema_converged(int(p["slow_period"])) + ema_converged(int(p["signal_period"])),
    source="Appel, Technical Analysis: Power Tools for Active Investors (2005); TA-Lib MACD.",
    notes="The fast average is seeded where the slow one is (TA-Lib's way); others differ until it converges.",
    cost_us=6,
)
def macd(source: Floats, /, *, fast_period: int, slow_period: int, signal_period: int) -> tuple[Floats, Floats, Floats]:
    """Return EMA(fast) − EMA(slow), its EMA, and their difference."""
    return fused[averages.macd](source, fast_period, slow_period, signal_period)
