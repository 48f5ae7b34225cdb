"""Renko bricks."""

from analysis.arrays import Floats
from analysis.catalog.entry import HELD, UNKNOWN, Output
from analysis.catalog.params import integer
from analysis.catalog.registry import entry
from analysis.kernels import renko as kernel
from analysis.kernels.average_range import average_range
from analysis.kernels.jit import jit


@entry(
    "renko",
    title="Renko",
    category="charts",
    params=(integer("period", 14, 1, 500, "ATR period of the brick's size."),),
    outputs=(
        Output("open", "price", constant_value=UNKNOWN, settled_value=HELD),
        Output("close", "price", constant_value=UNKNOWN, settled_value=HELD),
        Output("direction", "direction", -1, 1, constant_value=UNKNOWN, settled_value=HELD),
        Output("bricks", "count", constant_value=UNKNOWN, settled_value=0.0),
    ),
    warmup=lambda p: int(p["period"]),
    history="path",
    warmup_is_minimum=True,
    undefined_when="no brick has been made yet",
    source="Nison, Beyond Candlesticks (1994), ch. 8, on closes.",
    notes="All bricks are as high as the first ATR that is known, from that bar's close on; charts that take the last "
    "ATR draw every brick again with every bar. `bricks` is how many the bar made, below zero falling ones.",
    cost_us=15,
)
def renko(high: Floats, low: Floats, close: Floats, /, *, period: int) -> tuple[Floats, Floats, Floats, Floats]:
    """Return open and close of the last brick, its direction, and the bricks that the bar made."""
    opens, closes, directions, made = jit[kernel.renko](close, average_range(high, low, close, period))
    return opens, closes, directions, made
