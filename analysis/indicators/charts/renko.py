"""Renko bricks."""

from analysis.kernels.average_range import average_range
from analysis.kernels.bricks import bricks
from analysis.kernels.compiled import compiled
from analysis.params import integer
from analysis.registry import entry
from analysis.spec import HELD, UNKNOWN, Floats, Output


@entry(
    "renko",
    title="Renko",
    category="charts",
    params=(integer("period", 14, 1, 500, "ATR period of the brick's size."),),
    outputs=(
        Output("open", "price", flat=UNKNOWN, halted=HELD),
        Output("close", "price", flat=UNKNOWN, halted=HELD),
        Output("direction", "direction", -1, 1, flat=UNKNOWN, halted=HELD),
        Output("bricks", "count", flat=UNKNOWN, halted=0.0),
    ),
    warmup=lambda p: int(p["period"]),
    history="path",
    begins_late=True,
    undefined_when="no brick has been made yet",
    source="Nison, Beyond Candlesticks (1994), ch. 8, on closes.",
    notes="All bricks are as high as the first ATR that is known, from that bar's close on; charts that take the last "
    "ATR draw every brick anew with every bar. `bricks` is how many the bar made, below zero falling ones.",
    cost_us=15,
)
def renko(high: Floats, low: Floats, close: Floats, /, *, period: int) -> tuple[Floats, Floats, Floats, Floats]:
    """Return open and close of the last brick, its direction, and the bricks that the bar made."""
    opens, closes, directions, made = compiled[bricks](close, average_range(high, low, close, period))
    return opens, closes, directions, made
