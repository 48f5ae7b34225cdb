"""Flags, pennants and the cup with its handle: a pause, until a close goes on in the direction before it."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from analysis.arrays import Floats, Ints
from analysis.catalog.entry import DetectionContext
from analysis.catalog.params import integer, number
from analysis.events import Event
from analysis.kernels import continuations as kernel
from analysis.kernels.jit import jit
from analysis.kernels.overlap import ANY
from analysis.patterns.candidates import Candidate
from analysis.patterns.detectors import detector
from analysis.patterns.marks import LIFE, Mark, life_of, marks_at
from analysis.patterns.overlap import Spans
from analysis.patterns.pivots import Pivots, average_range, zigzags
from analysis.patterns.reversals import BEYOND, BULKOWSKI
from analysis.patterns.shapes import Rows, Shapes, over_scales, shapes_at
from analysis.patterns.sizes import SCALE, size_of, value_of

ONEIL = "O'Neil, How to Make Money in Stocks (4th ed., 2009)"
SHORTEST = 5  # bars of a body
STILL = 0.4  # of the body's height, that parallel lines may come together by
STEEP = 0.75  # of the same, that a flag may fall by
BREAK = 0.25  # ATR
WIDTH = (30, 200)  # bars of a cup
RISE = 0.5  # of the depth, that price has risen to the left rim
WAIT = 1 / 3  # of the cup's width, for the close above the rim
FLAGS, PENNANT, CUP = ("bull_flag", "bear_flag"), "pennant", "cup_with_handle"
POLES = sorted((*FLAGS, PENNANT))


def poles(given: DetectionContext) -> Mapping[str, Sequence[Event]]:
    """Return flags and pennants by name."""
    bars, atr, values = given.bars, average_range(given), given.values
    size = size_of(values)
    limits = (value_of(values, "pole_atr", size.pole), int(values["pole_bars"]), SHORTEST, int(values["body_bars"]))

    def find(pivots: Pivots) -> tuple[Ints, Floats]:
        return jit[kernel.flags_pennants](
            *(bars.high, bars.low, bars.close, atr, *pivots[:3]),
            *limits,
            float(values["retraced"]),
            STILL,
            STEEP,
            BREAK,
        )

    rows = over_scales(zigzags(given), find)
    code, bar, side, end, start = rows.numbers.T
    ranks = np.where(code == kernel.PENNANT, POLES.index(PENNANT), np.where(side > 0, *map(POLES.index, FLAGS)))
    spans = Spans(bar, start, rows.bars_at(end), np.full(len(bar), 2), rows.prices[:, 1], ranks)
    kept = spans.kept(ANY)
    return shapes_at(given, "chart_pattern", POLES, spans, kept, lambda place: _pole(given, *rows.row(place)))


def cups(given: DetectionContext) -> Mapping[str, Sequence[Event]]:
    """Return cups with handles."""
    bars, atr, values = given.bars, average_range(given), given.values
    least = value_of(values, "min_depth_atr", size_of(values).depth)
    names = ("max_depth_atr", "max_depth", "rim_atr", "handle")
    most, sunken, rim, handle = (float(values[name]) for name in names)

    def find(pivots: Pivots) -> tuple[Ints, Floats]:
        return jit[kernel.cup_and_handle](
            *(bars.low, bars.close, atr, *pivots), *WIDTH, least, most, sunken, rim, RISE, handle, WAIT
        )

    rows = over_scales(zigzags(given), find)
    return cup_shapes(given, CUP, rows, lambda place: _cup(given, *rows.row(place)))


def cup_shapes(given: DetectionContext, name: str, rows: Rows, cup: Callable[[int], Candidate]) -> dict[str, Shapes]:
    """Return cups of either side: rows of what, bar, side, left rim, bottom, right rim and the handle's bar."""
    _, bar, _, left, _, _, handle = rows.numbers.T
    points, names = np.full(len(bar), 4), np.zeros(len(bar), np.int64)
    spans = Spans(bar, rows.bars_at(left), handle, points, rows.prices[:, 1], names)
    return shapes_at(given, "chart_pattern", (name,), spans, spans.kept(ANY), cup)


def _pole(given: DetectionContext, pivots: Pivots, numbers: list[int], prices: list[float]) -> Candidate:
    code, bar, side, place, start = numbers
    unit, score, top0, bottom0, top, bottom, height, deepest = prices
    foot = float((given.bars.low if side > 0 else given.bars.high)[start])
    (end,) = marks_at(pivots, (place,), ("pole_end",))
    lines = {"start": sorted((top0, bottom0)), "end": sorted((top, bottom))}
    levels = {f"{line}_{at}": pair[line == "upper"] for at, pair in lines.items() for line in ("upper", "lower")}
    return Candidate(
        name=PENNANT if code == kernel.PENNANT else FLAGS[side < 0],
        direction=side,
        score=score,
        bar=bar,
        marks=[Mark("pole_start", start, foot, end.known), end],
        life=LIFE[0] * 2,
        ratios={"pole_atr": height / unit, "retraced": abs(end.price - deepest) / height},
        levels=levels,
        targets=(top + side * height,),
        stop=deepest - side * BEYOND * unit,
    )


def _cup(given: DetectionContext, pivots: Pivots, numbers: list[int], prices: list[float]) -> Candidate:
    _, bar, side, left, bottom, right, handle = numbers
    unit, score, rim, depth = prices
    marks = marks_at(pivots, (left, bottom, right), ("left_rim", "bottom", "right_rim"))
    sunk = float(given.bars.low[handle])
    return Candidate(
        name=CUP,
        direction=side,
        score=score,
        bar=bar,
        marks=[*marks, Mark("handle", handle, sunk, bar)],
        life=life_of(marks),
        ratios={"depth_atr": depth / unit, "handle": (marks[2].price - sunk) / depth},
        levels={"rim": rim},
        targets=(rim + depth,),
        stop=sunk - BEYOND * unit,
    )


for _name in (*FLAGS, PENNANT):
    detector(
        _name,
        poles,
        category="chart_patterns",
        source=BULKOWSKI,
        params=(
            SCALE,
            number("pole_atr", 0.0, 0.0, 50.0, "The least height of the pole in ATR14 at its end; 0: by scale."),
            integer("pole_bars", 10, 1, 50, "The most bars of the pole."),
            integer("body_bars", 20, 5, 100, "The most bars of the body."),
            number("retraced", 0.5, 0.05, 1.0, "The most of the pole that the body takes back."),
        ),
        notes="Known at a close 0.25 ATR beyond the body in the pole's direction.",
    )
detector(
    CUP,
    cups,
    category="chart_patterns",
    source=f"{ONEIL}; {BULKOWSKI}",
    params=(
        SCALE,
        number("min_depth_atr", 0.0, 0.0, 50.0, "The least depth in ATR14 at the right rim; 0: by scale."),
        number("max_depth_atr", 100.0, 1.0, 100.0, "The greatest depth in ATR14."),
        number("max_depth", 0.5, 0.01, 1.0, "The greatest depth as a part of the higher rim's price."),
        number("rim_atr", 1.0, 0.05, 10.0, "How far apart the rims may be."),
        number("handle", 0.5, 0.05, 1.0, "The most of the depth that the handle takes back."),
    ),
    notes="Known at a close above the higher rim.",
)
