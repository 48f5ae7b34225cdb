"""Change over a span of bars."""

from analysis.kernels.talib import ta
from analysis.params import integer
from analysis.registry import entry
from analysis.spec import Floats, Output


@entry(
    "roc",
    title="Rate of change",
    category="momentum",
    params=(integer("period", 9, 1),),
    outputs=(Output("value", "percent", flat=0.0, halted=0.0),),
    warmup=lambda p: int(p["period"]),
    history="window",
    source="Murphy (1999), ch. 10; TradingView's 9; TA-Lib ROC.",
    cost_us=1,
)
def roc(source: Floats, /, *, period: int) -> Floats:
    """Return the change over `period` bars in percent."""
    return ta.ROC(source, period)


@entry(
    "momentum",
    title="Momentum",
    category="momentum",
    aliases=("mom",),
    params=(integer("period", 10, 1),),
    outputs=(Output("value", "price", flat=0.0, halted=0.0),),
    warmup=lambda p: int(p["period"]),
    history="window",
    source="Murphy (1999), ch. 10; TA-Lib MOM.",
    cost_us=1,
)
def momentum(source: Floats, /, *, period: int) -> Floats:
    """Return the change over `period` bars."""
    return ta.MOM(source, period)
