"""Inverse cups: a rounded top, a handle that rises from its right rim, and a close below both rims."""

from collections.abc import Mapping, Sequence

from analysis.arrays import Floats, Ints
from analysis.catalog.entry import DetectionContext
from analysis.catalog.params import number
from analysis.events import Event
from analysis.kernels.continuations import cup_and_handle
from analysis.kernels.jit import jit
from analysis.patterns.candidates import Candidate
from analysis.patterns.continuations import RISE, WAIT, WIDTH, cup_shapes
from analysis.patterns.detectors import detector
from analysis.patterns.marks import Mark, life_of, marks_at
from analysis.patterns.pivots import Pivots, average_range, zigzags
from analysis.patterns.reversals import BEYOND, BULKOWSKI
from analysis.patterns.shapes import over_scales
from analysis.patterns.sizes import SCALE, size_of, value_of

NAME = "inverse_cup_with_handle"


def inverse_cups(given: DetectionContext) -> Mapping[str, Sequence[Event]]:
    """Return inverse cups with handles: cups of the prices turned over."""
    bars, atr, values = given.bars, average_range(given), given.values
    least = value_of(values, "min_height_atr", size_of(values).depth)
    high, close = -bars.high, -bars.close
    most, part, rim, handle = (float(values[name]) for name in ("max_height_atr", "max_height", "rim_atr", "handle"))

    def find(pivots: Pivots) -> tuple[Ints, Floats]:
        turned = (pivots.bars, pivots.known, -pivots.kinds, -pivots.prices)
        # A rim's price is below zero then: so is what its part is taken of.
        return jit[cup_and_handle](high, close, atr, *turned, *WIDTH, least, most, -part, rim, RISE, handle, WAIT)

    rows = over_scales(zigzags(given), find)
    return cup_shapes(given, NAME, rows, lambda place: _candidate(given, *rows.row(place)))


def _candidate(given: DetectionContext, pivots: Pivots, numbers: list[int], prices: list[float]) -> Candidate:
    _, bar, _, left, top, right, handle = numbers
    unit, score, rim, height = prices
    marks = marks_at(pivots, (left, top, right), ("left_rim", "top", "right_rim"))
    risen = float(given.bars.high[handle])
    return Candidate(
        name=NAME,
        direction=-1,
        score=score,
        bar=bar,
        marks=[*marks, Mark("handle", handle, risen, bar)],
        life=life_of(marks),
        ratios={"height_atr": height / unit, "handle": (risen - marks[2].price) / height},
        levels={"rim": -rim},
        targets=(-rim - height,),
        stop=risen + BEYOND * unit,
    )


detector(
    NAME,
    inverse_cups,
    category="chart_patterns",
    source=f"{BULKOWSKI}, Cup with handle, inverted",
    params=(
        SCALE,
        number("min_height_atr", 0.0, 0.0, 50.0, "The least height in ATR14 at the right rim; 0: by scale."),
        number("max_height_atr", 100.0, 1.0, 100.0, "The greatest height in ATR14."),
        number("max_height", 0.5, 0.01, 1.0, "The greatest height as a part of the lower rim's price."),
        number("rim_atr", 1.0, 0.05, 10.0, "How far apart the rims may be."),
        number("handle", 0.6, 0.05, 1.0, "The most of the height that the handle takes back."),
    ),
    notes="Known at a close below the lower rim.",
)
