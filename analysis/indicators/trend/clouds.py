"""Lines drawn at a distance in time: Ichimoku's cloud and the alligator. Nothing here is drawn backwards."""

import numpy as np

from analysis.arrays import Floats
from analysis.catalog.entry import PRICE, Output
from analysis.catalog.params import integer
from analysis.catalog.registry import entry
from analysis.kernels.convergence import wilder_converged
from analysis.kernels.rolling import middle, wilder
from analysis.kernels.shifting import shift


@entry(
    "ichimoku",
    title="Ichimoku cloud",
    category="trend",
    params=(
        integer("conversion_period", 9, 1),
        integer("base_period", 26, 2),
        integer("span_period", 52, 3),
        integer("displacement", 26, 1),
    ),
    ascending=("conversion_period", "base_period", "span_period"),
    outputs=tuple(
        Output(name, "price", constant_value=PRICE, settled_value=PRICE)
        for name in ("conversion", "base", "span_a", "span_b", "lead_a", "lead_b")
    ),
    warmup=lambda p: int(p["span_period"]) - 1 + int(p["displacement"]),
    history="window",
    source="Hosoda (1969); TradingView's 9, 26, 52 and 26.",
    notes="span_a and span_b are the cloud under this bar, computed `displacement` bars ago; lead_a and lead_b are "
    "computed now. TradingView draws the cloud displacement − 1 bars ahead, so its chart of 26 is displacement=25 "
    "here. The lagging span is the close itself; drawn back it would look ahead, so it is no column.",
    cost_us=16,
)
def ichimoku(
    high: Floats,
    low: Floats,
    /,
    *,
    conversion_period: int,
    base_period: int,
    span_period: int,
    displacement: int,
) -> tuple[Floats, Floats, Floats, Floats, Floats, Floats]:
    """Return the conversion and base lines, the cloud under this bar, and the cloud that is computed at it."""
    conversion, base, lead_b = (middle(high, low, period) for period in (conversion_period, base_period, span_period))
    lead_a = (conversion + base) / 2
    first = span_period - 1 + displacement
    ahead_a, ahead_b = shift(lead_a, displacement, first), shift(lead_b, displacement, first)
    for line in (conversion, base, lead_a, lead_b):
        line[:first] = np.nan
    return conversion, base, ahead_a, ahead_b, lead_a, lead_b


@entry(
    "alligator",
    title="Williams alligator",
    category="trend",
    outputs=tuple(
        Output(name, "price", constant_value=PRICE, settled_value=PRICE) for name in ("jaw", "teeth", "lips")
    ),
    warmup=lambda _: 13 - 1 + 8,
    history="converging",
    converged_after=lambda _: wilder_converged(13) + 8,
    source="Williams, Trading Chaos (1995): smoothed averages of the median price, 13, 8 and 5 bars, drawn 8, 5 and 3 "
    "bars later.",
    notes="The lines are those under this bar, computed 8, 5 and 3 bars ago.",
    cost_us=10,
)
def alligator(high: Floats, low: Floats, /) -> tuple[Floats, Floats, Floats]:
    """Return the jaw, the teeth and the lips as they stand under each bar."""
    median = (high + low) / 2
    jaw, teeth, lips = (shift(wilder(median, period), bars, 20) for period, bars in ((13, 8), (8, 5), (5, 3)))
    return jaw, teeth, lips
