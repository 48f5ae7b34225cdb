"""Lines about the average price that was paid."""

import numpy as np

from analysis.arrays import Floats
from analysis.catalog.entry import PRICE, UNKNOWN, Output
from analysis.catalog.params import choice, number
from analysis.catalog.registry import entry
from analysis.kernels.anchored import PERIODS, begins, paid, paid_deviation
from analysis.kernels.jit import jit


@entry(
    "vwap_bands",
    title="VWAP bands",
    category="volume",
    aliases=("vwap_standard_deviation_bands",),
    params=(
        number("deviations", 1.0, 0.01, 10),
        choice("anchor", "session", ("session", *PERIODS), "where the average begins again"),
    ),
    outputs=(
        Output("upper", "price", constant_value=PRICE, settled_value=UNKNOWN),
        Output("middle", "price", 0, constant_value=PRICE, settled_value=UNKNOWN),
        Output("lower", "price", constant_value=PRICE, settled_value=UNKNOWN),
    ),
    warmup=lambda p: 0,
    history="path",
    undefined_when="no volume since the anchor",
    source="Berkowitz, Logue and Noser, Journal of Finance 43:1 (1988), for the middle; the bands are TradingView's, "
    "of its VWAP: deviations weighted by volume, 1.",
    notes="Of typical prices; the middle is anchored_vwap, which tells where weeks, months, quarters and years begin. "
    "A session is the bars' own, else a UTC day; on daily bars only longer anchors have a width.",
    cost_us=25,
)
def vwap_bands(
    high: Floats,
    low: Floats,
    close: Floats,
    volume: Floats,
    session: Floats,
    day: Floats,
    /,
    *,
    deviations: float,
    anchor: str,
) -> tuple[Floats, Floats, Floats]:
    """Return the average price since the anchor and the lines some weighted deviations of prices off it."""
    if anchor in PERIODS:
        first = begins(day, anchor)
    else:
        first = np.ones(len(close), dtype=np.bool_)
        first[1:] = session[1:] != session[:-1]
    middle = paid(high, low, close, volume, first)
    width = deviations * jit[paid_deviation](high, low, close, volume, first)
    return middle + width, middle, middle - width
