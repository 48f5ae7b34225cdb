"""A channel about the straight line of least squares."""

from analysis.arrays import Floats
from analysis.catalog.entry import PRICE, Output
from analysis.catalog.params import integer, number
from analysis.catalog.registry import entry
from analysis.kernels.jit import jit
from analysis.kernels.regression import line, residual_deviation


@entry(
    "regression_channel",
    title="Linear regression channel",
    category="trend",
    aliases=("linear_regression_channel", "linreg_channel"),
    params=(integer("period", 100, 3, 2_000), number("deviations", 2.0, 0.01, 10)),
    outputs=(
        Output("upper", "source", constant_value=PRICE, settled_value=PRICE),
        Output("middle", "source", constant_value=PRICE, settled_value=PRICE),
        Output("lower", "source", constant_value=PRICE, settled_value=PRICE),
    ),
    warmup=lambda p: int(p["period"]) - 1,
    history="window",
    source="Least squares over the period and the deviation of its residuals; TradingView's 100 and 2.",
    notes="As columns: on each bar the end of the line through its own period, so nothing is redrawn. The population's "
    "deviation (divided by the period, as in Bollinger bands); TradingView divides by one less.",
    cost_us=30,
)
def regression_channel(source: Floats, /, *, period: int, deviations: float) -> tuple[Floats, Floats, Floats]:
    """Return the end of the line of least squares and the lines some deviations of its residuals off it."""
    rows = jit[line](source, period)
    middle = rows[0].copy()
    width = deviations * jit[residual_deviation](source, middle, rows[1], period)
    return middle + width, middle, middle - width
