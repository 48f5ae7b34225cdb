"""Levels of the period before, and round numbers."""

import numpy as np

from analysis.arrays import Floats
from analysis.catalog.entry import PRICE, Output
from analysis.catalog.params import choice
from analysis.catalog.registry import entry
from analysis.kernels.periods import EVERY, before, first_bars, on_bars

PERIOD = choice("period", "month", EVERY, "whose prices count")
NOTES = (
    "Of the last period that was over before the bar; the first one in the bars counts as it is there. Weeks begin on "
    "Monday; weeks, months, quarters and years go by the dates of the sessions, else by UTC days."
)


def _prices(*names: str) -> tuple[Output, ...]:
    return tuple(Output(name, "price", constant_value=None, settled_value=PRICE) for name in names)


@entry(
    "previous_period",
    title="High, low and close of the period before",
    category="levels",
    params=(PERIOD,),
    outputs=_prices("high", "low", "close"),
    warmup=lambda _: 0,
    history="path",
    undefined_when="no period has passed since the first bar",
    source="The prices themselves.",
    notes=NOTES,
    cost_us=30,
)
def previous_period(
    open: Floats, high: Floats, low: Floats, close: Floats, session: Floats, day: Floats, /, *, period: str
) -> tuple[Floats, ...]:
    """Return the highest and lowest price and the last close of the period before."""
    given = before(first_bars(session, day, period), open, high, low, close)
    return on_bars((given.high, given.low, given.close), given.which)


@entry(
    "central_pivot_range",
    title="Central pivot range",
    category="levels",
    aliases=("cpr",),
    params=(PERIOD,),
    outputs=_prices("top", "pivot", "bottom"),
    warmup=lambda _: 0,
    history="path",
    undefined_when="no period has passed since the first bar",
    source="Ochoa, Secrets of a Pivot Boss (2010): pivot, the middle of high and low, and its mirror image.",
    notes=NOTES,
    cost_us=30,
)
def central_pivot_range(
    open: Floats, high: Floats, low: Floats, close: Floats, session: Floats, day: Floats, /, *, period: str
) -> tuple[Floats, ...]:
    """Return the upper edge, the pivot and the lower edge of the range about the pivot of the period before."""
    _, top, bottom, end, _, which = before(first_bars(session, day, period), open, high, low, close)
    pivot, middle = (top + bottom + end) / 3, (top + bottom) / 2
    mirror = 2 * pivot - middle
    return on_bars((np.maximum(middle, mirror), pivot, np.minimum(middle, mirror)), which)
