"""Diamonds, which widen and then narrow, and Wolfe waves, whose fifth point lies beyond the line through 1 and 3."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from analysis.arrays import Floats, Ints
from analysis.catalog.entry import DetectionContext
from analysis.catalog.params import number
from analysis.events import Event
from analysis.kernels import diamonds_wolfe as kernel
from analysis.kernels.jit import jit
from analysis.patterns.candidates import Candidate
from analysis.patterns.detectors import detector
from analysis.patterns.marks import life_of, marks_at, numbered_marks
from analysis.patterns.overlap import Spans, rivals_of
from analysis.patterns.pivots import Pivots, average_range, zigzags
from analysis.patterns.reversals import BEYOND, BREAK, BULKOWSKI, WAIT
from analysis.patterns.shapes import Rows, Shapes, over_scales, shapes_at
from analysis.patterns.sizes import HEIGHT, SCALE, Size, size_of, value_of

WOLFE = "Connors & Raschke, Street Smarts (1995), ch. 15: Wolfe waves"
WIDENS = 2.0  # times the step of a broadening shape, which has more extremes that go one way
NAMES = {1: "diamond_top", -1: "diamond_bottom"}
SORTED, WAVES = sorted(NAMES.values()), ("wolfe_wave",)


def diamonds(given: DetectionContext) -> Mapping[str, Sequence[Event]]:
    """Return diamonds by name."""
    bars, atr, values = given.bars, average_range(given), given.values
    size = size_of(values)
    step, wait = value_of(values, "step_atr", WIDENS * size.step), max(WAIT, size.wait)

    def find(pivots: Pivots) -> tuple[Ints, Floats]:
        return jit[kernel.diamonds](bars.close, atr, *pivots, size.height, step, BREAK, wait)

    return _shapes(given, SORTED, size, over_scales(zigzags(given, size.lines), find), _diamond)


def wolfe_waves(given: DetectionContext) -> Mapping[str, Sequence[Event]]:
    """Return Wolfe waves of either side."""
    bars, atr, size, uneven = given.bars, average_range(given), size_of(given.values), float(given.values["uneven"])
    wait = max(WAIT, size.wait)

    def find(pivots: Pivots) -> tuple[Ints, Floats]:
        return jit[kernel.wolfe_waves](bars.high, bars.low, bars.close, atr, *pivots, size.height, uneven, wait)

    return _shapes(given, WAVES, size, over_scales(zigzags(given, size.lines), find), _wave)


def _shapes(
    given: DetectionContext, names: Sequence[str], size: Size, rows: Rows, candidate: Callable[..., Candidate]
) -> dict[str, Shapes]:
    """Return the shapes; rows have the bar, the side, the places of first and last point, and the trend before."""
    bar, _, first, last, trend = rows.numbers.T
    ranks = np.where(trend > 0, len(names) - 1, 0)
    spans = Spans(bar, rows.bars_at(first), rows.bars_at(last), last - first, rows.prices[:, 1], ranks)
    kept = spans.kept(rivals_of(size))
    return shapes_at(given, "chart_pattern", names, spans, kept, lambda place: candidate(*rows.row(place)))


def _diamond(pivots: Pivots, numbers: list[int], prices: list[float]) -> Candidate:
    bar, side, first, last, trend = numbers
    unit, score, top, bottom, upper, lower = prices
    marks = numbered_marks(pivots, first, last)
    return Candidate(
        name=NAMES[trend],
        direction=side,
        score=score,
        bar=bar,
        marks=marks,
        life=life_of(marks),
        ratios={"height_atr": (top - bottom) / unit},
        levels={"upper_line": upper, "lower_line": lower},
        targets=((upper if side > 0 else lower) + side * (top - bottom),),
        stop=(lower if side > 0 else upper) - side * BEYOND * unit,
    )


def _wave(pivots: Pivots, numbers: list[int], prices: list[float]) -> Candidate:
    bar, side, first, last, _ = numbers
    unit, score, line, arrival = prices
    marks = marks_at(pivots, range(first, last + 1), "12345")
    height = max(mark.price for mark in marks) - min(mark.price for mark in marks)
    return Candidate(
        name="wolfe_wave",
        direction=side,
        score=score,
        bar=bar,
        marks=marks,
        life=life_of(marks),
        ratios={"height_atr": height / unit},
        levels={"line_1_3": line, "arrival": arrival},
        targets=(arrival,),
        stop=marks[-1].price - side * BEYOND * unit,
    )


for _name in NAMES.values():
    detector(
        _name,
        diamonds,
        category="chart_patterns",
        source=f"{BULKOWSKI}, Diamond tops and bottoms",
        params=(
            SCALE,
            HEIGHT,
            number("step_atr", 0.0, 0.0, 10.0, "How far the middle extremes go beyond the others; 0: by scale."),
        ),
        notes="Known at a close 0.25 ATR beyond the line through the last two highs or lows; the side is that of the "
        "close. A top after a rise, a bottom after a fall.",
    )
detector(
    "wolfe_wave",
    wolfe_waves,
    category="chart_patterns",
    source=WOLFE,
    params=(
        SCALE,
        HEIGHT,
        number("uneven", 2.25, 1.0, 100.0, "How many times more bars a leg may take, or 1–2 go further than 3–4."),
    ),
    notes="Known at the first close back inside the line through 1 and 3 once 5, beyond it, is known to be a turn. The "
    "target is the line through 1 and 4 where those through 1 and 3 and through 2 and 4 meet.",
)
