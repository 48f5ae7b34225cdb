"""AB=CD and Three Drives: legs that repeat each other, known when the last point is known to be a pivot."""

from collections.abc import Callable, Mapping, Sequence
from math import exp

import numpy as np

from analysis.catalog.entry import DetectionContext
from analysis.catalog.params import number
from analysis.events import Event
from analysis.kernels.harmonic import drives, equal_legs
from analysis.kernels.jit import jit
from analysis.patterns.candidates import Candidate
from analysis.patterns.detectors import detector
from analysis.patterns.equal_legs_forming import abcd_forming, three_drives_forming
from analysis.patterns.harmonic import BEYOND, PARAMS
from analysis.patterns.harmonic_ratios import CARNEY
from analysis.patterns.marks import Mark, life_of, marks_at
from analysis.patterns.overlap import LastPoints, apart_by_name
from analysis.patterns.pivots import Pivots, average_range, zigzags
from analysis.patterns.prz import MARGIN, allowed
from analysis.patterns.shapes import shapes_of

# BC_AB from … to, and CD_AB: the reciprocal of BC_AB makes CD equal to AB; 0.382 → 2.24 does not quite.
EQUAL = np.array([[0.382, 0.886, 1.0], [0.382, 0.886, 1.27], [0.382, 0.886, 1.618], [0.382, 0.382, 0.382 * 2.24]])
EXTENSIONS = (1.27, 1.618, 2.0, 2.618)
Row = tuple[int, list[float], list[float]]
Ordered = list[tuple[int, float, int, Row]]


def find_abcd(given: DetectionContext) -> Mapping[str, Sequence[Event]]:
    """Return the AB=CD events."""
    tolerance, _, slack = allowed(given.values)
    least = float(given.values["min_height_atr"])

    def find(pivots: Pivots) -> list[Row]:
        some = jit[equal_legs](pivots.prices, pivots.bars, average_range(given), EQUAL, tolerance, slack, least)
        return list(zip(*(one.tolist() for one in some), strict=True))

    def make(pivots: Pivots, row: Row, score: float) -> Candidate:
        marks = marks_at(pivots, range(row[0] - 3, row[0] + 1), "ABCD")
        a, b, c, d = (mark.price for mark in marks)
        side = 1 if a > b else -1
        cd = row[1][2]
        following = next(ratio for ratio in (*EXTENSIONS, 2 * cd) if ratio > cd * (1 + MARGIN))
        levels = {f"cd_{ratio:g}": c - side * ratio * abs(a - b) for ratio in (1.0, 1.27, 1.618)}
        stop = c - side * following * abs(a - b)
        return _candidate(given, "abcd", side, score, marks, abs(a - d), levels, stop, ("BC_AB", "CD_BC", "CD_AB"), row)

    return _first_confirmed(given, find, make, lambda errors: abs(errors[1]) / tolerance)


def find_three_drives(given: DetectionContext) -> Mapping[str, Sequence[Event]]:
    """Return the Three Drives events."""
    tolerance, _, slack = allowed(given.values)
    least, uneven = float(given.values["min_height_atr"]), float(given.values["uneven"])

    def find(pivots: Pivots) -> list[Row]:
        some = jit[drives](pivots.prices, pivots.bars, average_range(given), tolerance, slack, uneven, least)
        return list(zip(*(one.tolist() for one in some), strict=True))

    def make(pivots: Pivots, row: Row, score: float) -> Candidate:
        marks = marks_at(pivots, range(row[0] - 5, row[0] + 1), "012345")
        prices = [mark.price for mark in marks]
        side = 1 if prices[0] > prices[1] else -1
        correction, drive = abs(prices[4] - prices[3]), row[1][3]
        following = next(ratio for ratio in (*EXTENSIONS, 2 * drive) if ratio > drive * (1 + MARGIN))
        levels = {f"drive_{ratio:g}": prices[4] - side * ratio * correction for ratio in (1.27, 1.618)}
        stop = prices[4] - side * following * correction
        names = ("C1", "D2", "C2", "D3")
        whole = abs(prices[0] - prices[5])
        return _candidate(given, "three_drives", side, score, marks, whole, levels, stop, names, row)

    return _first_confirmed(given, find, make, lambda errors: sum(abs(error) for error in errors) / 4 / tolerance)


def _candidate(
    given: DetectionContext,
    name: str,
    side: int,
    score: float,
    marks: list[Mark],
    leg: float,
    levels: dict[str, float],
    stop: float,
    names: Sequence[str],
    row: Row,
) -> Candidate:
    last = marks[-1]
    errors = names if len(names) == len(row[2]) else (names[0], names[-1])
    return Candidate(
        name=name,
        direction=side,
        score=score,
        bar=last.known,
        marks=marks,
        life=life_of(marks),
        ratios=dict(zip(names, row[1], strict=True)),
        errors=dict(zip(errors, row[2], strict=True)),
        levels=levels,
        targets=(last.price + side * 0.382 * leg, last.price + side * 0.618 * leg),
        stop=side * min(side * stop, side * last.price) - side * BEYOND * float(average_range(given)[last.bar]),
    )


def _first_confirmed(
    given: DetectionContext,
    find: Callable[[Pivots], list[Row]],
    make: Callable[[Pivots, Row, float], Candidate],
    used: Callable[[list[float]], float],
) -> Mapping[str, Sequence[Event]]:
    """Return the events of all scales, one for a last point: the first confirmed, of those the best."""
    scales = zigzags(given)
    rows: Ordered = []
    for scale, pivots in enumerate(scales):
        rows += [(int(pivots.known[row[0]]), -exp(-used(row[2])), scale, row) for row in find(pivots)]
    last_points = LastPoints()
    candidates = []
    for _, score, scale, row in sorted(rows):
        pivots = scales[scale]
        if last_points.take(int(pivots.kinds[row[0]]), int(pivots.bars[row[0]])):
            candidates.append(make(pivots, row, -score))
    return shapes_of(given, "harmonic", apart_by_name(candidates))


detector(
    "abcd",
    find_abcd,
    category="harmonic",
    source=CARNEY,
    params=PARAMS,
    title="AB=CD",
    notes="CD is AB times 1, 1.27 or 1.618, within xd_tolerance; the first leg is AB.",
    forming=abcd_forming,
)
detector(
    "three_drives",
    find_three_drives,
    category="harmonic",
    source=CARNEY,
    params=(*PARAMS, number("uneven", 2.0, 1.0, 10.0, "How many times longer one drive or correction may last.")),
    notes="Drives end at 1, 3 and 5; each is 1.27 or 1.618 of the correction before, within xd_tolerance.",
    forming=three_drives_forming,
)
