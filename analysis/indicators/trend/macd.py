"""Moving average convergence/divergence."""

from analysis.kernels.averages import convergence
from analysis.kernels.compiled import fused
from analysis.kernels.seeds import ema_converged
from analysis.params import integer
from analysis.registry import entry
from analysis.spec import Floats, Output


@entry(
    "macd",
    title="Moving average convergence/divergence",
    category="trend",
    params=(integer("fast_period", 12, 2), integer("slow_period", 26, 2), integer("signal_period", 9, 1)),
    ascending=("fast_period", "slow_period"),
    outputs=(
        Output("macd", "source", flat=0.0, halted=0.0),
        Output("signal", "source", flat=0.0, halted=0.0),
        Output("histogram", "source", flat=0.0, halted=0.0),
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
    return fused[convergence](source, fast_period, slow_period, signal_period)
