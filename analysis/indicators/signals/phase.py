"""Which phase a market is in: Dow's trend, and Wyckoff's cycle by its events."""

import numpy as np

from analysis.arrays import Floats
from analysis.catalog.entry import UNKNOWN, Output
from analysis.catalog.params import integer
from analysis.catalog.registry import entry
from analysis.kernels import wyckoff
from analysis.kernels.average_range import average_range
from analysis.kernels.division import ratio
from analysis.kernels.jit import jit
from analysis.kernels.pivot_levels import stood_out
from analysis.kernels.rolling import deviation, mean
from analysis.kernels.scaling import unit

PERIOD, MEAN = 14, 20
ACCUMULATION, MARKUP, DISTRIBUTION, MARKDOWN = 1.0, 2.0, 3.0, 4.0


SWING = integer("swing", 5, 2, 50, "Bars on both sides that a swing stands out among.")


@entry(
    "dow_trend",
    title="Dow trend",
    category="signals",
    params=(SWING,),
    outputs=(Output("value", "direction", -1, 1, constant_value=UNKNOWN, settled_value=None),),
    # Two highs and two lows may stand out on the same bars, `swing` bars apart and known as many later.
    warmup=lambda p: 3 * int(p["swing"]) + 1,
    history="path",
    warmup_is_minimum=True,
    undefined_when="two swing highs and two swing lows are not known yet",
    source="Rhea, The Dow Theory (1932): a trend up is of rising highs and rising lows, one down of falling ones.",
    notes="1, −1, or 0 where highs and lows do not go the same way. A swing is known `swing` bars after its extreme; "
    "from the second of each kind on there is a value on every bar.",
    cost_us=20,
)
def dow_trend(high: Floats, low: Floats, /, *, swing: int) -> Floats:
    """Return 1 where the last two known highs and lows rise, −1 where they fall, else 0."""
    return _trend(high, low, swing)


def _trend(high: Floats, low: Floats, swing: int) -> Floats:
    bars, known, kinds = stood_out(high, low, swing, swing)
    return jit[wyckoff.dow](known, np.where(kinds > 0, high[bars], low[bars]), kinds, len(high))


@entry(
    "market_phase",
    title="Market phase",
    category="signals",
    params=(SWING,),
    outputs=(
        Output("dow", "direction", -1, 1, constant_value=UNKNOWN, settled_value=None),
        Output("phase", "count", 0, 4, constant_value=0.0, settled_value=None),
        Output("confidence", "ratio", 0, 1, constant_value=0.0, settled_value=None),
        Output("event", "count", -6, 6, constant_value=0.0, settled_value=0.0),
    ),
    warmup=lambda _: MEAN,
    history="path",
    warmup_is_minimum=True,
    undefined_when="two swing highs and two swing lows are not known yet (dow)",
    source="Rhea, The Dow Theory (1932); Wyckoff as taught by Pruden, The Three Skills of Top Trading (2007).",
    notes="`phase`: 1 accumulation, 2 markup, 3 distribution, 4 markdown, 0 none. `event`: 1 selling climax, 2 "
    "automatic rally, 3 secondary test, 4 spring, 5 sign of strength, 6 last point of support; below zero their mirror "
    "images at the top. `dow` is `dow_trend` from the 20th bar on. Known when the bar is over, the automatic "
    "rally 20 bars after its climax.",
    deprecated="Answers in this minor version: ask dow_trend for the trend and the wyckoff_ patterns for the events.",
    cost_us=60,
)
def market_phase(
    open: Floats, high: Floats, low: Floats, close: Floats, volume: Floats, /, *, swing: int
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return Dow's trend, Wyckoff's phase, the confidence in it, and the event that became known on the bar."""
    atr = np.full(len(close), np.nan)
    atr[1:] = average_range(high, low, close, PERIOD)[:-1]  # before the bar
    lots = volume * unit(volume)
    usual = mean(lots, MEAN)
    score = ratio(lots - usual, deviation(lots, MEAN), otherwise=0.0)
    rise = jit[wyckoff.events](open, high, low, close, lots, atr, score, usual, 1)
    fall = jit[wyckoff.events](-open, -low, -high, -close, lots, atr, score, usual, -1)
    phase, confidence, event = jit[wyckoff.read](*rise, *fall)
    trend = _trend(high, low, swing)
    columns = (trend, phase, confidence, event)
    for column in columns:
        column[:MEAN] = np.nan
    return columns
