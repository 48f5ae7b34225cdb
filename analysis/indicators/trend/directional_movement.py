"""What the average directional index is made of."""

import numpy as np

from analysis.arrays import Floats
from analysis.catalog.entry import HELD, Output
from analysis.catalog.params import integer
from analysis.catalog.registry import entry
from analysis.kernels.convergence import wilder_converged
from analysis.kernels.directional import FADED, plus_minus_di, plus_minus_dm
from analysis.kernels.hold_last import held_share
from analysis.kernels.jit import fused

WILDER = "Wilder, New Concepts in Technical Trading Systems (1978), p. 35"


@entry(
    "dx",
    title="Directional index",
    category="trend",
    aliases=("directional_index", "directional_movement_index"),
    params=(integer("period", 14, 2),),
    outputs=(Output("value", "points", 0, 100, constant_value=0.0, settled_value=HELD),),
    warmup=lambda p: int(p["period"]),
    history="converging",
    converged_after=lambda p: wilder_converged(int(p["period"])),
    source=WILDER,
    notes="0 while there has been no directional movement; what it was while both directions have faded away.",
    cost_us=9,
)
def dx(high: Floats, low: Floats, close: Floats, /, *, period: int) -> Floats:
    """Return how far the directional indicators are apart, as a share of their sum, in percent."""
    plus, minus = plus_minus_di(high, low, close, period)
    return held_share(np.abs(plus - minus), plus + minus, FADED)


@entry(
    "directional_movement",
    title="Directional movement",
    category="trend",
    aliases=("dm",),
    params=(integer("period", 14, 1),),
    outputs=(
        Output("plus", "price", 0, constant_value=0.0, settled_value=0.0),
        Output("minus", "price", 0, constant_value=0.0, settled_value=0.0),
    ),
    warmup=lambda p: max(1, int(p["period"]) - 1),
    history="converging",
    converged_after=lambda p: wilder_converged(int(p["period"])),
    source=WILDER,
    notes="Wilder's sums, which are `period` times his averages, begun with the sum of the first period − 1 bars as "
    "TA-Lib's PLUS_DM and MINUS_DM; of a period of 1 the bar's own movement.",
    cost_us=3,
)
def directional_movement(high: Floats, low: Floats, /, *, period: int) -> tuple[Floats, Floats]:
    """Return how far highs went up and lows went down, each where it went further, summed up as Wilder does."""
    return fused[plus_minus_dm](high, low, period)
