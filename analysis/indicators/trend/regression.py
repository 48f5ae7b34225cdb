"""The straight line of least squares, the thrice smoothed rate of change, and the rating of the ADX."""

from analysis.arrays import Floats
from analysis.catalog.entry import PRICE, UNKNOWN, Output
from analysis.catalog.params import integer
from analysis.catalog.registry import entry
from analysis.kernels import directional
from analysis.kernels.convergence import ema_converged, wilder_converged
from analysis.kernels.jit import jit
from analysis.kernels.regression import line
from analysis.kernels.talib import ta


@entry(
    "linear_regression",
    title="Linear regression",
    category="trend",
    aliases=("linreg", "lsma"),
    params=(integer("period", 14, 3),),
    outputs=(
        Output("value", "source", constant_value=PRICE, settled_value=PRICE),
        Output("slope", "source", constant_value=0.0, settled_value=0.0),
        Output("intercept", "source", constant_value=PRICE, settled_value=PRICE),
        Output("forecast", "source", constant_value=PRICE, settled_value=PRICE),
        Output("r2", "ratio", 0, 1, constant_value=UNKNOWN, settled_value=UNKNOWN),
    ),
    warmup=lambda p: int(p["period"]) - 1,
    history="window",
    undefined_when="the values of the period do not vary (r2)",
    source="Least squares over the period; TA-Lib LINEARREG, _SLOPE, _INTERCEPT and TSF.",
    notes="value is the line's end at this bar, forecast one bar on, intercept its begin, slope per bar. The angle "
    "that TA-Lib gives depends on the currency and is left out.",
    cost_us=22,
)
def linear_regression(source: Floats, /, *, period: int) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Return the end, slope, begin and next value of the line of least squares, and how much of it explains."""
    end, slope, begin, following, r2 = jit[line](source, period)
    return end, slope, begin, following, r2


@entry(
    "trix",
    title="TRIX",
    category="trend",
    params=(integer("period", 18, 2),),
    outputs=(Output("value", "percent", constant_value=0.0, settled_value=0.0),),
    warmup=lambda p: 3 * (int(p["period"]) - 1) + 1,
    history="converging",
    converged_after=lambda p: ema_converged(int(p["period"]), 3) + 1,
    source="Hutson, Stocks & Commodities 1:5 (1983); TA-Lib TRIX; TradingView's 18.",
    notes="In percent of the smoothed value; TradingView shows 10,000 times the change of its logarithm.",
    cost_us=5,
    needs_positive_prices=True,
)
def trix(source: Floats, /, *, period: int) -> Floats:
    """Return the change of the thrice smoothed value in percent."""
    return ta.TRIX(source, period)


@entry(
    "adxr",
    title="Average directional movement rating",
    category="trend",
    params=(integer("period", 14, 2),),
    outputs=(Output("value", "points", 0, 100, constant_value=UNKNOWN, settled_value=None),),
    warmup=lambda p: 3 * int(p["period"]) - 2,
    history="converging",
    converged_after=lambda p: wilder_converged(int(p["period"]), 2) + int(p["period"]),
    undefined_when="there has been no movement at all",
    source="Wilder, New Concepts in Technical Trading Systems (1978); TA-Lib ADXR.",
    cost_us=9,
)
def adxr(high: Floats, low: Floats, close: Floats, /, *, period: int) -> Floats:
    """Return the mean of the ADX now and period − 1 bars ago."""
    return directional.adxr(high, low, close, period)
