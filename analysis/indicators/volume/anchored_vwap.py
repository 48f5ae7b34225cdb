"""The average price that was paid since a week, a month, a year or a day of the user's choice began."""

import numpy as np

from analysis.arrays import Floats
from analysis.catalog.entry import PRICE, Output
from analysis.catalog.params import choice, integer
from analysis.catalog.registry import entry
from analysis.kernels.anchored import PERIODS, begins, not_before, paid


@entry(
    "anchored_vwap",
    title="Anchored volume-weighted average price",
    category="volume",
    aliases=("avwap", "vwap_anchored"),
    params=(
        choice("anchor", "month", ("session", *PERIODS, "date"), "where the average begins again"),
        integer("date", 0, 0, 99_991_231, "yyyymmdd; the day it begins if anchor is date"),
    ),
    outputs=(Output("value", "price", 0, constant_value=PRICE, settled_value=None),),
    warmup=lambda p: 0,
    history="path",
    undefined_when="no volume since the anchor, or the bar is before the date",
    source="Shannon, Maximum Trading Gains with Anchored VWAP (2023); TradingView's VWAP and its anchor periods.",
    notes="Of typical prices. A session is the bars' own, else a UTC day; weeks begin on Monday, and weeks, months, "
    "quarters, years and dates go by the dates of the sessions, else by UTC days. It begins again with the first bar, "
    "and with the session after a bar of unknown volume.",
    cost_us=32,
)
def anchored_vwap(
    high: Floats, low: Floats, close: Floats, volume: Floats, session: Floats, day: Floats, /, *, anchor: str, date: int
) -> Floats:
    """Return the sum of typical price × volume over the sum of volume, both since the anchor, up to each bar."""
    begin = not_before(day, date) if anchor == "date" else 0
    first = np.zeros(len(close), dtype=np.bool_)
    if anchor in PERIODS:
        first = begins(day, anchor).copy()
    elif anchor == "session":
        first[1:] = session[1:] != session[:-1]
    first[begin : begin + 1] = True
    values = np.full(len(close), np.nan)
    values[begin:] = paid(high[begin:], low[begin:], close[begin:], volume[begin:], first[begin:])
    return values
