"""Zigzag, fractals and pivot highs and lows: each is told on the bar that it becomes known on, never on its own."""

from analysis.arrays import Floats
from analysis.catalog.entry import HELD, UNKNOWN, Output
from analysis.catalog.params import integer, number
from analysis.catalog.registry import entry
from analysis.kernels.jit import jit
from analysis.kernels.pivot_levels import stood_out
from analysis.kernels.turning_points import turning_points
from analysis.kernels.zigzag import percent_zigzag

Five = tuple[Floats, Floats, Floats, Floats, Floats]
OUTPUTS = (
    Output("high", "price", constant_value=UNKNOWN, settled_value=HELD),
    Output("low", "price", constant_value=UNKNOWN, settled_value=HELD),
    Output("is_high", "count", 0, 1, constant_value=0.0, settled_value=0.0),
    Output("is_low", "count", 0, 1, constant_value=0.0, settled_value=0.0),
    Output("age", "count", 0, constant_value=UNKNOWN, settled_value=None),
)
UNDEFINED = "no high (high), no low (low) or neither of them (age) is known yet"
SAID = (
    "`high` and `low` are the newest that are known, `is_high` and `is_low` are 1 on the bar on which one becomes "
    "known, `age` counts from the newest one's own bar."
)
STILL = 2  # bars without which nothing turns


@entry(
    "zigzag",
    title="Zigzag",
    category="levels",
    params=(number("deviation", 5.0, 0.001, 90.0, "Percent that price comes back by before an extreme counts."),),
    outputs=OUTPUTS,
    warmup=lambda _: STILL - 1,
    history="path",
    undefined_when=UNDEFINED,
    source="Murphy, Technical Analysis of the Financial Markets (1999), ch. 4; deviation as TradingView's Zig Zag.",
    notes=f"{SAID} A high is known when a later low is `deviation` percent below it. What charts draw beyond the last "
    "known one may still move, and is no part of it.",
    needs_positive_prices=True,
    cost_us=8,
)
def zigzag(high: Floats, low: Floats, /, *, deviation: float) -> Five:
    """Return the last known turning points of swings of n percent, and the bars that they become known on."""
    return jit[turning_points](high, low, *jit[percent_zigzag](high, low, deviation), STILL - 1)


@entry(
    "williams_fractal",
    title="Williams fractal",
    category="levels",
    aliases=("fractal", "fractals"),
    params=(integer("period", 2, 1, 50, "Bars on either side that it stands out among."),),
    outputs=OUTPUTS,
    warmup=lambda p: 2 * int(p["period"]),
    history="path",
    undefined_when=UNDEFINED,
    source="Williams, Trading Chaos (2nd ed., 2004), ch. 8: five bars, the middle one beyond two on either side.",
    notes=f"{SAID} Charts draw a fractal on its own bar, `period` bars before it is known. Of equal highs in a row the "
    "first counts. `high` and `low` are the fractal chaos bands.",
    cost_us=6,
)
def williams_fractal(high: Floats, low: Floats, /, *, period: int) -> Five:
    """Return the last known fractals, and the bars that they become known on."""
    return jit[turning_points](high, low, *stood_out(high, low, period, period), 2 * period)


@entry(
    "pivot_high_low",
    title="Pivot highs and lows",
    category="levels",
    aliases=("pivot_points_high_low",),
    params=(
        integer("left", 10, 1, 200, "Bars before it that it stands out among."),
        integer("right", 10, 1, 200, "Bars after it, that it is known by."),
    ),
    outputs=OUTPUTS,
    warmup=lambda p: int(p["left"]) + int(p["right"]),
    history="path",
    undefined_when=UNDEFINED,
    source="TradingView, Pivot Points High Low: beyond every high (low) of 10 bars before and 10 after.",
    notes=f"{SAID} A pivot is known `right` bars after its own bar. Of equal highs in a row the first counts.",
    cost_us=10,
)
def pivot_high_low(high: Floats, low: Floats, /, *, left: int, right: int) -> Five:
    """Return the last known highs and lows among n bars, and the bars that they become known on."""
    return jit[turning_points](high, low, *stood_out(high, low, left, right), left + right)
