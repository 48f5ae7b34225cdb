"""Harmonic patterns of five points: X, A, B, C and D, known when D is known to be a pivot.

Points are consecutive pivots of one scale. Several families may fit one D, and several scales find it: the first
confirmed wins, among those of one bar the best score.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from analysis.catalog.entry import DetectionContext
from analysis.catalog.params import Param, choice, number
from analysis.events import Event
from analysis.kernels.harmonic import matches
from analysis.kernels.jit import jit
from analysis.patterns.candidates import Candidate
from analysis.patterns.detectors import detector
from analysis.patterns.harmonic_forming import forming
from analysis.patterns.harmonic_ratios import FAMILIES, MEASURES, NEXT_AD_XA, NEXT_CD_BC, Harmonic, table, tolerances
from analysis.patterns.marks import life_of, marks_at
from analysis.patterns.overlap import LastPoints, apart_by_name
from analysis.patterns.pivots import SCALES, Pivots, average_range, zigzags
from analysis.patterns.prz import MARGIN, allowed, score_of, zone_of
from analysis.patterns.shapes import shapes_of

BEYOND = 0.25  # ATR between a level and the stop beyond it
PARAMS: tuple[Param, ...] = (
    number("xd_tolerance", 0.08, 0.001, 0.25, "How far the ratio that decides D may be off; 0.08 is 8 %."),
    number("xb_tolerance", 0.1, 0.001, 0.25, "The same for the ratio of B."),
    number("range_tolerance", 0.1, 0.001, 0.25, "The same for the ends of the other ranges."),
    number(
        "min_height_atr",
        12.0,
        1.0,
        100.0,
        "The least height of the first leg in ATR14, the smaller of that at its end and at the last point.",
    ),
    choice("preset", "default", ("default", "strict"), "strict: tolerances of 3, 5 and 5 % at most."),
)


class Fit(NamedTuple):
    """Five pivots that fit a family."""

    known: int
    score: float
    scale: int
    family: int
    place: int
    ratios: list[float]
    errors: list[float]


def found(given: DetectionContext) -> Mapping[str, Sequence[Event]]:
    """Return the events of every family by name."""
    scales = zigzags(given)
    last_points = LastPoints()
    candidates: list[Candidate] = []
    for fit in sorted(_fits(given, scales), key=lambda fit: (fit.known, -fit.score, fit.scale, fit.family)):
        pivots = scales[fit.scale]
        if last_points.take(int(pivots.kinds[fit.place]), int(pivots.bars[fit.place])):
            candidates.append(_candidate(given, FAMILIES[fit.family], pivots, fit))
    return shapes_of(given, "harmonic", apart_by_name(candidates))


def _fits(given: DetectionContext, scales: Sequence[Pivots]) -> list[Fit]:
    atr, least = average_range(given), float(given.values["min_height_atr"])
    limits = tolerances(*allowed(given.values))
    ends = table()
    fits = []
    for scale in range(len(SCALES)):
        pivots = scales[scale]
        some = jit[matches](pivots.prices, pivots.bars, atr, ends, limits, least)
        for family, place, ratios, errors in zip(*(one.tolist() for one in some), strict=True):
            by_measure = (
                dict(zip(MEASURES, errors, strict=True)),
                dict(zip(MEASURES, limits[family].tolist(), strict=True)),
            )
            score = score_of(FAMILIES[family], *by_measure)
            fits.append(Fit(int(pivots.known[place]), score, scale, family, place, ratios, errors))
    return fits


def _candidate(given: DetectionContext, family: Harmonic, pivots: Pivots, fit: Fit) -> Candidate:
    marks = marks_at(pivots, range(fit.place - 4, fit.place + 1), "XABCD")
    x, a, b, c, d = (mark.price for mark in marks)
    side = 1 if a > x else -1
    ratios = dict(zip(MEASURES, fit.ratios, strict=True))
    leg = abs((a if family.leg == "AD" else c) - d)
    levels, zone = zone_of(family, (x, a, b, c), allowed(given.values)[0])
    atr = float(average_range(given)[marks[-1].bar])
    return Candidate(
        name=family.name,
        direction=side,
        score=fit.score,
        bar=fit.known,
        marks=marks,
        life=life_of(marks),
        ratios={name: ratios[name] for name in family.ratios},
        errors={name: error for name, error in zip(MEASURES, fit.errors, strict=True) if name in family.ratios},
        levels=levels,
        prz=zone,
        targets=(d + side * 0.382 * leg, d + side * 0.618 * leg),
        stop=side * min(side * _stop(family, (x, a, b, c), ratios), side * d) - side * BEYOND * atr,
    )


def _stop(family: Harmonic, points: tuple[float, float, float, float], ratios: Mapping[str, float]) -> float:
    x, a, b, c = points
    if family.stop == "X":
        return x
    measure, known = ("AD_XA", NEXT_AD_XA) if family.stop == "AD_XA" else ("CD_BC", NEXT_CD_BC)
    beyond = max(ratios[measure], family.ends(measure)[1])
    following = next((ratio for ratio in known if ratio > beyond * (1 + MARGIN)), beyond)
    return a + following * (x - a) if family.stop == "AD_XA" else c + following * (b - c)


for _family in FAMILIES:
    detector(
        _family.name,
        found,
        category="harmonic",
        source=_family.source,
        params=PARAMS,
        notes="Known when D is a pivot of its scale; of several that fit one D the first confirmed wins.",
        forming=forming,
    )
