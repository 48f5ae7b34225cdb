"""The stochastic before it was smoothed, and smoothed the way Wilder smooths."""

from analysis.arrays import Floats
from analysis.catalog.entry import UNKNOWN, Output
from analysis.catalog.params import integer
from analysis.catalog.registry import entry
from analysis.kernels.convergence import wilder_converged
from analysis.kernels.jit import jit
from analysis.kernels.stochastic import percent_k, smoothed, twice_smoothed

RANGE = "the range of the period is zero"
MIDDLE = 50.0  # where K and D begin


@entry(
    "stochastic_fast",
    title="Fast stochastic",
    category="momentum",
    aliases=("stochf", "fast_stochastic", "stoch_fast"),
    params=(integer("k_period", 14, 1), integer("d_period", 3, 1)),
    outputs=(
        Output("k", "percent", 0, 100, constant_value=UNKNOWN, settled_value=UNKNOWN),
        Output("d", "percent", 0, 100, constant_value=UNKNOWN, settled_value=UNKNOWN),
    ),
    warmup=lambda p: int(p["k_period"]) + int(p["d_period"]) - 2,
    history="window",
    undefined_when=RANGE,
    source="Lane, Stocks & Commodities 2:3 (1984); StockCharts ChartSchool, Fast Stochastic Oscillator, 14 and 3.",
    notes="Unknown without range (TA-Lib's STOCHF: 0).",
    cost_us=9,
)
def stochastic_fast(
    high: Floats, low: Floats, close: Floats, /, *, k_period: int, d_period: int
) -> tuple[Floats, Floats]:
    """Return the position of the close in the range of k_period bars, and its average."""
    return smoothed(percent_k(high, low, close, k_period), k_period - 1, 1, d_period)


@entry(
    "kdj",
    title="KDJ",
    category="momentum",
    params=(integer("period", 9, 1), integer("k_smoothing", 3, 1), integer("d_smoothing", 3, 1)),
    outputs=(
        Output("k", "percent", 0, 100, constant_value=UNKNOWN, settled_value=UNKNOWN),
        Output("d", "percent", 0, 100, constant_value=UNKNOWN, settled_value=UNKNOWN),
        Output("j", "percent", -200, 300, constant_value=UNKNOWN, settled_value=UNKNOWN),
    ),
    warmup=lambda p: int(p["period"]) - 1,
    history="converging",
    converged_after=lambda p: (
        int(p["period"]) + wilder_converged(int(p["k_smoothing"])) + wilder_converged(int(p["d_smoothing"]))
    ),
    undefined_when=RANGE,
    source="The KDJ of Chinese charting software (Tongdaxin, Eastmoney): SMA(RSV, 3, 1) twice, J = 3K − 2D.",
    notes="K and D begin at 50, as there. A bar without range is unknown, and K and D go on from the bar before it.",
    cost_us=15,
)
def kdj(
    high: Floats, low: Floats, close: Floats, /, *, period: int, k_smoothing: int, d_smoothing: int
) -> tuple[Floats, Floats, Floats]:
    """Return the position of the close in its range smoothed once and twice as Wilder does, and 3K − 2D."""
    return jit[twice_smoothed](percent_k(high, low, close, period), 1 / k_smoothing, 1 / d_smoothing, MIDDLE)
