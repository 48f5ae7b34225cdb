"""Triangles, wedges, channels and rectangles: prices between two lines until a close beyond one of them."""

from collections.abc import Mapping, Sequence

import numpy as np

from analysis.arrays import Floats, Ints
from analysis.catalog.entry import DetectionContext
from analysis.catalog.params import integer, number
from analysis.events import Event
from analysis.kernels import boundaries as kernel
from analysis.kernels.jit import jit
from analysis.patterns.candidates import Candidate
from analysis.patterns.detectors import detector
from analysis.patterns.marks import life_of, numbered_marks
from analysis.patterns.overlap import Spans, rivals_of
from analysis.patterns.pivots import Pivots, average_range, zigzags
from analysis.patterns.reversals import BEYOND, BULKOWSKI
from analysis.patterns.shapes import over_scales, shapes_at
from analysis.patterns.sizes import HEIGHT, SCALE, size_of, value_of

EDWARDS = "Edwards & Magee, Technical Analysis of Stock Trends (11th ed., 2018)"
PARALLEL = 0.2
TOGETHER = 0.4  # of the height, that lines come nearer each other over the width
LONGEST = 120  # bars
BREAK = 0.25  # ATR
WAIT = 0.5  # of the width, after the last point
NARROWEST = 0.15  # of the height that the lines are apart at the close beyond: nearer the apex a break says little
NAMES = {
    kernel.ASCENDING: "ascending_triangle",
    kernel.DESCENDING: "descending_triangle",
    kernel.SYMMETRICAL: "symmetrical_triangle",
    kernel.RISING: "rising_wedge",
    kernel.FALLING: "falling_wedge",
    kernel.RECTANGLE: "rectangle",
    kernel.CHANNEL_UP: "channel_up",
    kernel.CHANNEL_DOWN: "channel_down",
}
SORTED = sorted(NAMES.values())
RANKS = np.array([SORTED.index(NAMES[code]) for code in range(len(NAMES))])


def found(given: DetectionContext) -> Mapping[str, Sequence[Event]]:
    """Return the shapes between two lines by name."""
    bars, atr, values = given.bars, average_range(given), given.values
    size, touches = size_of(values), int(values["touches"])
    touch = value_of(values, "touch_atr", size.touch)

    def find(pivots: Pivots) -> tuple[Ints, Floats]:
        return jit[kernel.between_lines](
            bars.close,
            atr,
            *pivots,
            touches,
            size.height,
            touch,
            size.still,
            PARALLEL,
            TOGETHER,
            size.shortest,
            LONGEST,
            BREAK,
            max(WAIT, size.wait),
            NARROWEST,
        )

    rows = over_scales(zigzags(given, size.lines), find)
    code, bar, _, first, last = rows.numbers.T
    spans = Spans(bar, rows.bars_at(first), rows.bars_at(last), last - first, rows.prices[:, 1], RANKS[code])
    kept = spans.kept(rivals_of(size))
    return shapes_at(given, "chart_pattern", SORTED, spans, kept, lambda place: _candidate(*rows.row(place)))


def _candidate(pivots: Pivots, numbers: list[int], prices: list[float]) -> Candidate:
    code, bar, side, first, last = numbers
    unit, score, upper, lower, top, bottom = prices
    marks = numbered_marks(pivots, first, last)
    broken, opposite = (top, bottom) if side > 0 else (bottom, top)
    return Candidate(
        name=NAMES[code],
        direction=side,
        score=score,
        bar=bar,
        marks=marks,
        life=life_of(marks),
        ratios={"height_atr": (upper - lower) / unit},
        levels={"upper_start": upper, "lower_start": lower, "upper_end": top, "lower_end": bottom},
        targets=(broken + side * (upper - lower),),
        stop=opposite - side * BEYOND * unit,
    )


for _name in NAMES.values():
    detector(
        _name,
        found,
        category="chart_patterns",
        source=f"{EDWARDS}; {BULKOWSKI}",
        params=(
            SCALE,
            HEIGHT,
            number("touch_atr", 0.0, 0.0, 5.0, "How far from its line a touch may be; 0: by scale."),
            integer("touches", 5, 4, 9, "The points that lie on the two lines together."),
        ),
        notes="Known at a close 0.25 ATR beyond either line; the side is that of the close.",
    )
