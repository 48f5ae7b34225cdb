"""Elliott waves as hypotheses with a score: five waves of an impulse, and the three that correct it.

The three hard rules decide what may be an impulse, the guidelines how good a one it is. Known when the end of its last
wave is known to be a pivot; nothing is said of waves still open.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import exp, log

import numpy as np

from analysis.arrays import Floats
from analysis.catalog.entry import DetectionContext
from analysis.catalog.params import number
from analysis.events import Event
from analysis.patterns.candidates import Candidate
from analysis.patterns.detectors import detector
from analysis.patterns.marks import life_of, marks_at
from analysis.patterns.overlap import LastPoints, apart_by_name
from analysis.patterns.pivots import Pivots, average_range, zigzags
from analysis.patterns.shapes import shapes_of

SOURCE = "Frost & Prechter, Elliott Wave Principle (10th ed., 2005), ch. 1 and 2"
BEYOND = 0.25  # ATR between the correction's end and the stop beyond it
WIDTH = 0.35  # of a guideline, in logarithms of the ratio: what is off by a third still counts for something
SHALLOW, DEEP = (0.382, 0.786), (0.9, 1.382)  # wave B of a zigzag, and of a flat
PARAMS = (
    number("min_height_atr", 12.0, 2.0, 100.0, "The least height of the five waves in ATR14 at their end."),
    number("min_score", 0.8, 0.0, 1.0, "The least score of an impulse; at 0.5 noise has twice as many."),
)


def waves(given: DetectionContext) -> Mapping[str, Sequence[Event]]:
    """Return the impulses and the corrections after them."""
    atr, values = average_range(given), given.values
    found: list[tuple[int, float, int, int]] = []
    scales = zigzags(given)
    for scale, pivots in enumerate(scales):
        scores = _impulses(pivots, atr, float(values["min_height_atr"]))
        for place in np.flatnonzero((scores > 0) & (scores >= float(values["min_score"]))).tolist():
            found.append((int(pivots.known[place + 5]), -float(scores[place]), scale, place))
    last_points = LastPoints()
    candidates: list[Candidate] = []
    corrections: dict[int, list[Candidate]] = {}
    for _, score, scale, place in sorted(found):
        pivots = scales[scale]
        if last_points.take(int(pivots.kinds[place + 5]), int(pivots.bars[place + 5])):
            impulse = _impulse(pivots, place, -score)
            candidates.append(impulse)
            corrections[id(impulse)] = _correction(pivots, place + 5, atr, -score)
    impulses = apart_by_name(candidates)
    after = [one for impulse in impulses for one in corrections[id(impulse)]]
    candidates = apart_by_name([*impulses, *after])
    return shapes_of(given, "elliott", candidates)


def _impulses(pivots: Pivots, atr: Floats, least: float) -> Floats:
    """Return for each pivot the score of the impulse that begins with it; 0 where a hard rule is broken."""
    count = len(pivots.bars) - 5
    if count <= 0:
        return np.zeros(0)
    side = pivots.kinds[5:]  # ends at a high: rises
    p = [side * pivots.prices[at : at + count] for at in range(6)]
    lengths = [np.abs(p[at + 1] - p[at]) for at in range(5)]
    one, _, three, _, five = lengths
    allowed = p[2] > p[0]  # wave 2 takes back less than wave 1
    allowed &= ~((three < one) & (three < five))  # wave 3 is never the shortest
    allowed &= p[4] > p[1]  # wave 4 stays out of wave 1
    allowed &= (p[3] > p[1]) & (p[5] > p[4])
    allowed &= np.maximum(p[5], p[3]) - p[0] >= least * atr[pivots.bars[5:]]
    scores = np.zeros(count)
    good = np.flatnonzero(allowed)
    one, two, three, four, five = (length[good] for length in lengths)
    parts = (
        _near(two / one, 0.5, 0.618),
        _near(three / one, 1.618, 2.618),
        _near(four / three, 0.236, 0.382),
        np.maximum(_near(five / one, 0.618, 1.0), _near(five / (one + three - two), 0.382, 0.618)),
    )
    alternates = np.minimum(1.0, np.abs(two / one - four / three) / 0.2)
    complete = np.where((p[5] > p[3])[good], 1.0, 0.6)  # a fifth wave that fails to pass the third is a truncation
    product = np.ones(len(good))
    for part in parts:
        product *= part
    scores[good] = product ** (1 / len(parts)) * complete * (0.7 + 0.3 * alternates)
    return scores


def _near(ratio: Floats, low: float, high: float) -> Floats:
    """Return 1 between the two ideals, less the further a ratio is beyond them."""
    away = np.maximum(np.log(low / ratio), np.log(ratio / high))
    nearness: Floats = np.exp(-0.5 * (np.maximum(away, 0.0) / WIDTH) ** 2)
    return nearness


def _impulse(pivots: Pivots, place: int, score: float) -> Candidate:
    marks = marks_at(pivots, range(place, place + 6), "012345")
    p = [mark.price for mark in marks]
    lengths = [abs(after - before) for before, after in pairwise(p)]
    whole = p[5] - p[0]
    return Candidate(
        name="elliott_impulse",
        direction=int(pivots.kinds[place + 5]),
        score=score,
        bar=marks[5].known,
        marks=marks,
        life=life_of(marks),
        ratios={
            "W2/W1": lengths[1] / lengths[0],
            "W3/W1": lengths[2] / lengths[0],
            "W4/W3": lengths[3] / lengths[2],
            "W5/W1": lengths[4] / lengths[0],
        },
        levels={"wave_4": p[4], "retracement_0.382": p[5] - 0.382 * whole, "retracement_0.618": p[5] - 0.618 * whole},
    )


def _correction(pivots: Pivots, begin: int, atr: Floats, score: float) -> list[Candidate]:
    """Return the ABC that begins with the impulse's end, if its three waves are there and in proportion."""
    if begin + 3 >= len(pivots.bars):
        return []
    marks = marks_at(pivots, range(begin, begin + 4), "0ABC")
    start, a, b, c = (mark.price for mark in marks)
    side = int(pivots.kinds[begin])  # 1: corrects a rise
    back, length = abs(b - a) / abs(a - start), abs(c - b) / abs(a - start)
    if SHALLOW[0] <= back <= SHALLOW[1] and side * (a - c) > 0:
        ideal, kind = (1.0 if length < 1.3 else 1.618), "zigzag"
    elif DEEP[0] <= back <= DEEP[1]:
        ideal, kind = (1.0 if length < 1.3 else 1.618), "flat"
    else:
        return []
    quality = exp(-0.5 * (log(length / ideal) / WIDTH) ** 2)
    if quality < 0.5:
        return []
    candidate = Candidate(
        name="elliott_abc",
        direction=side,
        score=score * quality,
        bar=marks[3].known,
        marks=marks,
        life=life_of(marks),
        ratios={"B/A": back, "C/A": length},
        levels={f"{kind}_equality": b - side * abs(a - start)},
        targets=(b, start) if side * (start - b) > 0 else (b,),
        stop=c - side * BEYOND * float(atr[marks[3].bar]),
    )
    return [candidate]


detector(
    "elliott_impulse",
    waves,
    category="elliott",
    source=SOURCE,
    params=PARAMS,
    notes="Hard rules: wave 2 takes back less than wave 1, wave 3 is never the shortest, wave 4 stays out of wave 1. "
    "The score is how near the waves are to their usual proportions. A count is a hypothesis: see the rate on noise.",
)
detector(
    "elliott_abc",
    waves,
    category="elliott",
    source=SOURCE,
    params=PARAMS,
    title="Elliott ABC",
    notes="Only after an impulse of the same scale: a zigzag (B takes back 0.382 to 0.786 of A) or a flat (0.9 to "
    "1.382), C near A or 1.618 of it.",
)
