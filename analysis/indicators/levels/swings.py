"""The nearest prices where the market turned several times."""

from analysis.arrays import Floats
from analysis.catalog.entry import Output
from analysis.catalog.params import integer, number
from analysis.catalog.registry import entry
from analysis.kernels import levels
from analysis.kernels.average_range import average_range
from analysis.kernels.jit import jit
from analysis.kernels.nearest_levels import nearest, one_side
from analysis.kernels.pivot_levels import stood_out

BEYOND = 0.25  # ATR
PERIOD = 14


@entry(
    "swing_levels",
    title="Swing levels",
    category="levels",
    params=(
        integer("left", 5, 2, 50, "Bars before a pivot that it stands out among."),
        integer("right", 5, 2, 50, "Bars after it, that it is known by."),
        integer("touches", 3, 2, 10, "Pivots that make a level."),
        number("tolerance_atr", 0.5, 0.05, 5.0, "How far apart they may be, in ATR14."),
        integer("lookback", 250, 20, 2_000, "Bars that the touches may lie before the last, and that it outlives it."),
    ),
    outputs=(
        Output("support", "price", constant_value=None, settled_value=None),
        Output("support_touches", "count", 0, constant_value=None, settled_value=None),
        Output("resistance", "price", constant_value=None, settled_value=None),
        Output("resistance_touches", "count", 0, constant_value=None, settled_value=None),
    ),
    warmup=lambda _: PERIOD,
    history="path",
    warmup_is_minimum=True,
    undefined_when="no level stands on that side of the close",
    source="Murphy, Technical Analysis of the Financial Markets (1999), ch. 4.",
    notes="The same levels as the detectors support and resistance, until a close 0.25 ATR beyond them. The price is "
    "the outermost touch.",
    cost_us=120,
)
def swing_levels(
    high: Floats,
    low: Floats,
    close: Floats,
    /,
    *,
    left: int,
    right: int,
    touches: int,
    tolerance_atr: float,
    lookback: int,
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return the nearest support below the close and resistance above it, each with its touches so far."""
    atr = average_range(high, low, close, PERIOD)
    bars, known, kinds = stood_out(high, low, left, right)
    found: list[Floats] = []
    for side in (-1, 1):
        at, then, prices = jit[one_side](bars, known, kinds, high if side > 0 else low, side, PERIOD)
        owner, makers = jit[levels.levels](at, then, prices, close, atr, side, tolerance_atr, touches, lookback)
        ends = jit[levels.fates](at, then, prices, owner, makers, high, low, close, atr, side, BEYOND, lookback, 0)
        found += jit[nearest](then, prices, owner, makers, ends, close, side)
    return found[0], found[1], found[2], found[3]
