"""One decision from five views of the market, each traced to columns of the catalogue."""

from analysis.arrays import Floats
from analysis.catalog.entry import Output
from analysis.catalog.registry import entry
from analysis.kernels import five_dimensions as kernel
from analysis.kernels import schaff
from analysis.kernels.average_range import average_range
from analysis.kernels.averages import macd
from analysis.kernels.directional import directional_index, plus_minus_di
from analysis.kernels.jit import fused, jit
from analysis.kernels.periods import before, first_bars
from analysis.kernels.relative_strength import relative_strength
from analysis.kernels.rolling import exponential, mean

FIRST = 199  # the first bar with an average of 200
VIEWS = ("trend", "momentum", "volatility", "cycle", "levels")


@entry(
    "five_dimensions",
    title="Five dimensions",
    category="signals",
    outputs=(
        *(Output(name, "ratio", -1, 1, constant_value=0.0, settled_value=None) for name in VIEWS),
        Output("decision", "ratio", -1, 1, constant_value=0.0, settled_value=None),
        Output("agreement", "ratio", 0, 1, constant_value=0.0, settled_value=None),
    ),
    warmup=lambda _: FIRST,
    history="path",
    source="This project's; every vote is a column: trend is the mean of the signs of close − sma(50), sma(50) − "
    "sma(200) and, with adx above 20, of di.plus − di.minus; momentum that of rsi − 50, macd.histogram and roc(10).",
    notes="cycle: the sign of schaff_trend_cycle − 50. levels: 1 above r1 of pivots_traditional, −1 below s1, else "
    "half the sign of close − p (0 without a period before). volatility: 1 where atr is above 1.25 of its mean of 100, "
    "−1 below 0.75; it has no direction and no vote. decision: the mean of the other four. agreement: the share of the "
    "four with the decision's sign.",
    cost_us=110,
)
def five_dimensions(
    open: Floats, high: Floats, low: Floats, close: Floats, session: Floats, day: Floats, /
) -> tuple[Floats, ...]:
    """Return the five views, the decision and how many of the four views with a direction agree with it."""
    slower = exponential(close, 50)
    cycle = jit[schaff.cycle](exponential(close, 23) - slower, slower, 49, 10, 0.5)
    atr = average_range(high, low, close, 14)
    month = before(first_bars(session, day, "month"), open, high, low, close)
    rows = jit[kernel.five_dimensions](
        close,
        (mean(close, 50), mean(close, 200)),
        (*plus_minus_di(high, low, close, 14), directional_index(high, low, close, 14)),
        (relative_strength(close, 14), fused[macd](close, 12, 26, 9)[2]),
        cycle,
        (atr, mean(atr, 100)),
        (month.high, month.low, month.close),
        month.which,
        FIRST,
    )
    return tuple(rows)
