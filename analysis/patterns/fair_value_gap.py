"""Fair value gaps: prices that three bars leave untraded, until price has come back through them."""

from collections.abc import Sequence

import numpy as np

from analysis.arrays import Floats, Ints
from analysis.catalog.entry import UNKNOWN, Columns, DetectionContext, Output
from analysis.catalog.registry import entry
from analysis.events import Event, Point, StatusChange
from analysis.kernels import zones as kernel
from analysis.kernels.jit import jit
from analysis.kernels.run_cache import shared
from analysis.late_events import LateEvents
from analysis.patterns.candidates import SIDES, times_of

UNENDING = 1_000_000  # bars: a zone is open until something ends it
BARS = 2  # before the one that makes a gap
Zones = tuple[Ints, Ints, Floats, Floats]
OUTPUTS = (
    Output("direction", "direction", -1, 1, constant_value=0.0, settled_value=None),
    Output("bottom", "price", constant_value=UNKNOWN, settled_value=None),
    Output("top", "price", constant_value=UNKNOWN, settled_value=None),
    Output("age", "count", 0, constant_value=UNKNOWN, settled_value=None),
)


def gap_events(given: DetectionContext) -> Sequence[Event]:
    """Return the gaps, each with its two prices and the bar on which price was through it.

    There is one on every fourth bar: they are made when someone looks, and with less ado than what is rare.
    """
    bars = given.bars
    found = _gaps(bars.high, bars.low, bars.close)
    ends, *_ = _followed(bars.high, bars.low, bars.close)

    def make(first: int, last: int) -> list[Event]:
        at, sides, bottoms, tops = (column[first:last] for column in found)
        size, middle = tops - bottoms, (bars.high - bars.low)[at - 1]
        scores = (size / np.maximum(size, middle)).round(4)
        columns = (at, sides, bottoms, tops, scores, bars.close[at], ends[first:last])
        time = times_of(given)
        return [_event(time, *row) for row in zip(*(column.tolist() for column in columns), strict=True)]

    return LateEvents("fair_value_gap", found[0], make, given.start, len(bars))


def _event(
    time: Sequence[int], bar: int, side: int, bottom: float, top: float, score: float, close: float, end: int
) -> Event:
    at, before = time[bar], bar - BARS
    first, last = (bottom, top) if side > 0 else (top, bottom)
    confirmed = StatusChange("confirmed", bar, at)
    return Event.of_fields(
        name="fair_value_gap",
        kind="levels",
        side=SIDES[side],
        score=score,
        bar=bar,
        formed_at=at,
        confirmed_at=at,
        points=(Point("before", before, time[before], first, at), Point("after", bar, at, last, at)),
        ratios={},
        errors={},
        levels={"level": (bottom + top) / 2.0, "low": bottom, "high": top},
        stop=first,
        entry_reference=close,
        history=(confirmed,) if end < 0 else (confirmed, StatusChange("stop", end, time[end])),
        life=UNENDING,
    )


@entry(
    "fair_value_gap",
    title="Fair value gap",
    category="levels",
    aliases=("fvg",),
    outputs=OUTPUTS,
    warmup=lambda _: BARS,
    history="path",
    undefined_when="no gap is open (bottom, top, age)",
    source="LuxAlgo, Smart Money Concepts (2022), without its threshold; Huddleston (ICT), the fair value gap.",
    notes="Bullish where a low is above the high two bars before and the close between is above that high; bearish "
    "where a high is below the low two bars before and the close between is below that low. Known on the third bar, "
    "where charts draw it on the second; open until a low comes to its bottom (a high to its top). The columns are of "
    "the newest gap that is open: its side (0: none), its prices, and the bars since it is known. `score` is the gap "
    "as a part of the middle bar's range.",
    detect=gap_events,
    cost_us=12,
)
def fair_value_gap(high: Floats, low: Floats, close: Floats, /) -> Columns:
    """Return the newest fair value gap that is open: its side, its lower and upper price, and its age."""
    _, *columns = _followed(high, low, close)
    return tuple(columns)


@shared
def _gaps(high: Floats, low: Floats, close: Floats) -> Zones:
    return jit[kernel.gaps](high, low, close)


@shared
def _followed(high: Floats, low: Floats, close: Floats) -> tuple[Ints, Floats, Floats, Floats, Floats]:
    return jit[kernel.open_zones](*_gaps(high, low, close), low, high, 1, BARS)
