"""Breaks of structure and changes of character: closes beyond the last swing that is known."""

from collections.abc import Mapping, Sequence

import numpy as np

from analysis.arrays import Floats, Ints
from analysis.catalog.entry import UNKNOWN, Columns, DetectionContext, Output
from analysis.catalog.params import Value, integer
from analysis.catalog.registry import entry
from analysis.events import Event
from analysis.kernels import structure as kernel
from analysis.kernels.jit import jit
from analysis.kernels.pivot_levels import stood_out
from analysis.kernels.run_cache import shared
from analysis.late_events import LateEvents
from analysis.patterns.candidates import Candidate, finished
from analysis.patterns.marks import Mark

LUXALGO = "LuxAlgo, Smart Money Concepts (2022); Huddleston (ICT), market structure"
LIFE = 60  # bars until a break is no news any more
SWING = integer("swing", 5, 2, 50, "Bars on both sides that a swing stands out among.")
NAMES = {kernel.BREAK: "break_of_structure", kernel.CHANGE: "change_of_character"}
Found = tuple[Ints, Ints, Ints, Floats]  # breaks; of the swings the bars, when they are known, and the prices


def warmup_of(values: Mapping[str, Value]) -> int:
    """Return the first bar that can break a swing."""
    return 2 * int(values["swing"]) + 1


def break_events(what: int, given: DetectionContext) -> Sequence[Event]:
    """Return the breaks of one sort, each with the swing, the extreme that it came from, and the close beyond."""
    bars = given.bars
    found, swings, known, prices = breaks_of(bars.high, bars.low, bars.close, int(given.values["swing"]))
    mine = found[found[:, 0] == what]

    def make(first: int, last: int) -> list[Event]:
        candidates = []
        for _, bar, side, swing, _ in mine[first:last].tolist():
            column, extreme = (bars.low, np.argmin) if side > 0 else (bars.high, np.argmax)
            begin = int(swings[swing])
            origin = begin + 1 + int(extreme(column[begin + 1 : bar + 1]))
            candidates.append(
                Candidate(
                    name=NAMES[what],
                    direction=side,
                    score=part_beyond(given, bar, side, float(prices[swing])),
                    bar=bar,
                    marks=marks_of(given, (begin, origin, bar), ("swing", "origin", "break"), side, int(known[swing])),
                    life=LIFE,
                    levels={"level": float(prices[swing])},
                    stop=float(column[origin]),
                )
            )
        return finished(given, "levels", candidates)

    return LateEvents(NAMES[what], mine[:, 1], make, given.start, len(bars))


def part_beyond(given: DetectionContext, bar: int, side: int, level: float) -> float:
    """Return how much of the bar's range its close lies beyond the level, at most all of it."""
    past = side * (float(given.bars.close[bar]) - level)
    return past / max(past, float(given.bars.high[bar] - given.bars.low[bar]))


def marks_of(given: DetectionContext, at: Sequence[int], labels: Sequence[str], side: int, known: int) -> list[Mark]:
    """Return the swing, what lies between and the break; the swing is known at the bar `known`, the others at last."""
    swing, middle, bar = at
    prices = (given.bars.high, given.bars.low) if side > 0 else (given.bars.low, given.bars.high)
    values = (prices[0][swing], prices[1][middle], given.bars.close[bar])
    rows = zip(labels, at, values, strict=True)
    found = [Mark(label, place, float(price), bar) for label, place, price in rows]
    return [found[0]._replace(known=known), *found[1:]]


@shared
def breaks_of(high: Floats, low: Floats, close: Floats, swing: int) -> Found:
    """Return the breaks, and the swings that they are of."""
    bars, known, kinds = stood_out(high, low, swing, swing)
    prices = np.where(kinds > 0, high[bars], low[bars])
    return jit[kernel.breaks](close, bars, known, kinds, prices), bars, known, prices


def _register(what: int, title: str, notes: str) -> None:
    def columns(high: Floats, low: Floats, close: Floats, /, *, swing: int) -> Columns:
        found, *_, prices = breaks_of(high, low, close, swing)
        return jit[kernel.newest_break](found, prices, what, len(close), 2 * swing + 1)

    def detect(given: DetectionContext) -> Sequence[Event]:
        return break_events(what, given)

    name = NAMES[what]
    columns.__doc__ = (
        f"Return the side of the last break of either sort, and level and age of the last {title.lower()}."
    )
    entry(
        name,
        title=title,
        category="levels",
        aliases=({kernel.BREAK: "bos", kernel.CHANGE: "choch"}[what],),
        params=(SWING,),
        outputs=(
            Output("trend", "direction", -1, 1, constant_value=0.0, settled_value=None),
            Output("level", "price", constant_value=UNKNOWN, settled_value=None),
            Output("age", "count", 0, constant_value=UNKNOWN, settled_value=None),
        ),
        warmup=warmup_of,
        history="path",
        undefined_when="there was none yet (level, age)",
        source=LUXALGO,
        notes=f"{notes} Each swing is broken once, by the first close beyond; it is known `swing` bars after its own. "
        "`trend` is the side of the last break of either sort, `level` and `age` are of the last of this one. The stop "
        "is the extreme between swing and break.",
        detect=detect,
        cost_us=15,
    )(columns)


_register(
    kernel.BREAK,
    "Break of structure",
    "A close above the last known swing high or below the last known swing low, unless the break before went the "
    "other way.",
)
_register(
    kernel.CHANGE,
    "Change of character",
    "A close above the last known swing high after a break downwards, or below the last known swing low after one "
    "upwards: the first break against the trend.",
)
