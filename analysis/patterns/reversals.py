"""Head and shoulders, double and triple tops, broadening tops, and the same at bottoms.

Known at the first close beyond the neckline once the last extreme is known to be one.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from analysis.arrays import Floats, Ints
from analysis.catalog.entry import DetectionContext
from analysis.catalog.params import integer, number
from analysis.events import Event
from analysis.kernels import reversals as kernel
from analysis.kernels.jit import jit
from analysis.patterns.candidates import Candidate
from analysis.patterns.detectors import detector
from analysis.patterns.marks import life_of, marks_at
from analysis.patterns.overlap import Spans, rivals_of
from analysis.patterns.pivots import Pivots, average_range, zigzags
from analysis.patterns.shapes import Rows, Shapes, over_scales, shapes_at
from analysis.patterns.sizes import HEIGHT, SCALE, Size, size_of, value_of

LO = "Lo, Mamaysky & Wang, Foundations of Technical Analysis, Journal of Finance 55 (2000)"
BULKOWSKI = "Bulkowski, Encyclopedia of Chart Patterns (3rd ed., 2021)"
WAIT = 0.6  # how long the close beyond may come after the last point, in widths of the shape
BROADENING_WAIT = 1.0  # the same of broadening shapes, whose way back through their line is the longest
BREAK = 0.25  # ATR of a close beyond the neckline of equal extremes
BEYOND = 0.25  # ATR between an extreme and the stop beyond it
FAILS = 1.0  # ATR on the wrong side of the broken line
LONGEST = 150  # bars between the first and the last of equal extremes
NAMES = {
    kernel.HEAD_AND_SHOULDERS: ("head_and_shoulders", "inverse_head_and_shoulders"),
    kernel.BROADENING: ("broadening_top", "broadening_bottom"),
    kernel.DOUBLE: ("double_top", "double_bottom"),
    kernel.TRIPLE: ("triple_top", "triple_bottom"),
}
SORTED = sorted(name for pair in NAMES.values() for name in pair)
RANKS = np.array([[SORTED.index(name) for name in NAMES[code]] for code in range(len(NAMES))])
POINTS = np.array([5, 5, 3, 5])  # of each of these


def five(given: DetectionContext) -> Mapping[str, Sequence[Event]]:
    """Return heads with shoulders and broadening shapes by name."""
    bars, atr, values = given.bars, average_range(given), given.values
    size, uneven = size_of(values), float(values["uneven"])
    shoulders = value_of(values, "shoulder_atr", size.shoulders)
    head, step = value_of(values, "head_atr", size.head), value_of(values, "step_atr", size.step)

    def find(pivots: Pivots) -> tuple[Ints, Floats]:
        return jit[kernel.head_and_shoulders](
            *(bars.high, bars.low, bars.close, atr, *pivots),
            size.height,
            shoulders,
            head,
            step,
            uneven,
            max(WAIT, size.wait),
            max(BROADENING_WAIT, size.wait),
        )

    return _shapes(given, size, over_scales(zigzags(given, size.swings), find))


def equal(given: DetectionContext) -> Mapping[str, Sequence[Event]]:
    """Return double and triple tops and bottoms by name."""
    bars, atr, values = given.bars, average_range(given), given.values
    size = size_of(values)
    near, apart = value_of(values, "near_atr", size.near), int(value_of(values, "apart", size.apart))
    wait = max(WAIT, size.wait)

    def find(pivots: Pivots) -> tuple[Ints, Floats]:
        return jit[kernel.double_triple_tops](
            *(bars.high, bars.low, bars.close, atr, *pivots), size.height, near, apart, LONGEST, BREAK, wait
        )

    return _shapes(given, size, over_scales(zigzags(given, size.swings), find))


def _shapes(given: DetectionContext, size: Size, rows: Rows) -> dict[str, Shapes]:
    code, bar, side, *places = rows.numbers.T
    points = POINTS[code]
    last = rows.numbers[np.arange(len(code)), 2 + points]
    ranks = RANKS[code, (side > 0).astype(np.int64)]
    spans = Spans(bar, rows.bars_at(places[0]), rows.bars_at(last), points, rows.prices[:, 1], ranks)
    kept = spans.kept(rivals_of(size))
    return shapes_at(given, "chart_pattern", SORTED, spans, kept, lambda place: _candidate(*rows.row(place)))


def _labels(code: int, side: int) -> Sequence[str]:
    """Return what the points are called: those of tops and bottoms are extremes, of the others peaks and troughs."""
    extreme, other = ("peak", "trough") if side < 0 else ("trough", "peak")
    if code == kernel.HEAD_AND_SHOULDERS:
        return ("left_shoulder", f"left_{other}", "head", f"right_{other}", "right_shoulder")
    if code == kernel.BROADENING:
        return (f"first_{extreme}", f"first_{other}", f"second_{extreme}", f"second_{other}", "last")
    top = "top" if side < 0 else "bottom"
    if code == kernel.DOUBLE:
        return (f"first_{top}", other, f"second_{top}")
    return (f"first_{top}", f"first_{other}", f"second_{top}", f"second_{other}", f"third_{top}")


def _candidate(pivots: Pivots, numbers: list[int], prices: list[float]) -> Candidate:
    code, bar, side, *places = numbers
    unit, score, line, broken = prices
    marks = marks_at(pivots, places, _labels(code, side))
    farthest = (min if side > 0 else max)(mark.price for mark in marks)
    height = abs(farthest - line)
    last = marks[-1].price
    return Candidate(
        name=NAMES[code][side > 0],
        direction=side,
        score=score,
        bar=bar,
        marks=marks,
        life=life_of(marks),
        ratios={"height_atr": height / unit},
        levels={"neckline_start": line, "neckline_end": broken},
        targets=(broken + side * height,),
        stop=last - side * BEYOND * unit,
        fails=broken - side * FAILS * unit,
    )


for _code in (kernel.HEAD_AND_SHOULDERS, kernel.BROADENING):
    for _name in NAMES[_code]:
        detector(
            _name,
            five,
            category="chart_patterns",
            source=f"{LO}; {BULKOWSKI}",
            params=(
                SCALE,
                HEIGHT,
                number(
                    "shoulder_atr",
                    0.0,
                    0.0,
                    5.0,
                    "How far shoulders, and troughs, may be from their mean; 0: by scale.",
                ),
                number("head_atr", 0.0, 0.0, 10.0, "How far the head stands out beyond both shoulders; 0: by scale."),
                number("step_atr", 0.0, 0.0, 10.0, "How far extremes that broaden go beyond each other; 0: by scale."),
                number("uneven", 3.0, 1.0, 100.0, "How many times longer one half may last than the other."),
            ),
            notes="Known at a close beyond the line through the second and the fourth point.",
        )
for _code in (kernel.DOUBLE, kernel.TRIPLE):
    for _name in NAMES[_code]:
        detector(
            _name,
            equal,
            category="chart_patterns",
            source=f"{LO}; {BULKOWSKI}",
            params=(
                SCALE,
                HEIGHT,
                number("near_atr", 0.0, 0.0, 5.0, "How far each extreme may be from their mean; 0: by scale."),
                integer("apart", 0, 0, 500, "More bars than these lie between two extremes; 0: by scale."),
            ),
            notes="Known at a close 0.25 ATR beyond the worst price between the extremes; three of them are no double.",
        )
