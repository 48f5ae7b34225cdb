"""Directional movement and the age of extremes."""

from analysis.arrays import Floats
from analysis.catalog.entry import HELD, UNKNOWN, Output
from analysis.catalog.params import integer
from analysis.catalog.registry import entry
from analysis.kernels import aroon as kernel
from analysis.kernels.convergence import wilder_converged
from analysis.kernels.directional import directional_index, plus_minus_di, vortex_moves
from analysis.kernels.division import ratio
from analysis.kernels.jit import jit
from analysis.kernels.rolling import exact_sum

WILDER = "Wilder, New Concepts in Technical Trading Systems (1978), p. 35"


@entry(
    "adx",
    title="Average directional index",
    category="trend",
    params=(integer("period", 14, 2),),
    outputs=(Output("value", "points", 0, 100, constant_value=0.0, settled_value=HELD),),
    warmup=lambda p: 2 * int(p["period"]) - 1,
    history="converging",
    converged_after=lambda p: wilder_converged(int(p["period"]), 2),
    source=f"{WILDER}; TA-Lib ADX.",
    cost_us=4,
)
def adx(high: Floats, low: Floats, close: Floats, /, *, period: int) -> Floats:
    """Return Wilder's average of the directional index, from 0 to 100."""
    return directional_index(high, low, close, period)


@entry(
    "di",
    title="Directional indicators",
    category="trend",
    aliases=("dmi",),
    params=(integer("period", 14, 2),),
    outputs=(
        Output("plus", "points", 0, 100, constant_value=0.0, settled_value=HELD),
        Output("minus", "points", 0, 100, constant_value=0.0, settled_value=HELD),
    ),
    warmup=lambda p: int(p["period"]),
    history="converging",
    converged_after=lambda p: wilder_converged(int(p["period"])),
    source=f"{WILDER}; TA-Lib PLUS_DI and MINUS_DI.",
    cost_us=6,
)
def di(high: Floats, low: Floats, close: Floats, /, *, period: int) -> tuple[Floats, Floats]:
    """Return upward and downward movement as a share of the true range, in percent."""
    return plus_minus_di(high, low, close, period)


@entry(
    "aroon",
    title="Aroon",
    category="trend",
    params=(integer("period", 14, 2),),
    outputs=(
        Output("up", "percent", 0, 100, constant_value=100.0, settled_value=100.0),
        Output("down", "percent", 0, 100, constant_value=100.0, settled_value=100.0),
        Output("oscillator", "points", -100, 100, constant_value=0.0, settled_value=0.0),
    ),
    warmup=lambda p: int(p["period"]),
    history="window",
    source="Chande, Stocks & Commodities 13:9 (1995); of equal extremes the latest counts; TA-Lib AROON.",
    cost_us=5,
)
def aroon(high: Floats, low: Floats, /, *, period: int) -> tuple[Floats, Floats, Floats]:
    """Return how recent the highest high and the lowest low of period + 1 bars are, and their difference."""
    up, down = jit[kernel.aroon](high, low, period)
    return up, down, up - down


@entry(
    "vortex",
    title="Vortex indicator",
    category="trend",
    aliases=("vi",),
    params=(integer("period", 14, 2),),
    outputs=(
        Output("plus", "ratio", 0, constant_value=UNKNOWN, settled_value=UNKNOWN),
        Output("minus", "ratio", 0, constant_value=UNKNOWN, settled_value=UNKNOWN),
    ),
    warmup=lambda p: int(p["period"]),
    history="window",
    undefined_when="the true range of the period is zero",
    source="Botes and Siepman, Stocks & Commodities 28:1 (2010); TA-Lib VORTEX.",
    cost_us=5,
)
def vortex(high: Floats, low: Floats, close: Floats, /, *, period: int) -> tuple[Floats, Floats]:
    """Return upward and downward vortex movement of the period over its true range."""
    rise, fall, reach = (exact_sum(one, period) for one in jit[vortex_moves](high, low, close))
    return ratio(rise, reach), ratio(fall, reach)
