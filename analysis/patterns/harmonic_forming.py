"""Harmonics still open: X, A, B and C are there and fit a family, and price is on its way to where D is expected.

Nothing of this is certain: each of them may vanish with the next bar.
"""

from collections.abc import Mapping, Sequence

from analysis.catalog.entry import DetectionContext
from analysis.events import Event, StatusChange
from analysis.patterns.candidates import SIDES, times_of
from analysis.patterns.harmonic_ratios import FAMILIES, MEASURES, Harmonic, tolerances
from analysis.patterns.marks import Mark, points_of
from analysis.patterns.overlap import LastPoints
from analysis.patterns.pivots import Pivots, average_range, zigzags
from analysis.patterns.prz import allowed, score_of, zone_of

KNOWN_AT_C = ("AB_XA", "BC_AB", "XC_XA")


def forming(given: DetectionContext) -> Mapping[str, Sequence[Event]]:
    """Return by name what the last four pivots of every scale may become."""
    found: dict[str, list[Event]] = {}
    last_points = LastPoints()
    limits = tolerances(*allowed(given.values))
    for pivots in zigzags(given):
        if len(pivots.bars) < 4 or not _is_open(given, pivots):
            continue
        last = int(pivots.bars[-1])
        for row, family in enumerate(FAMILIES):
            event = _event(given, family, pivots, dict(zip(MEASURES, limits[row].tolist(), strict=True)))
            if event is not None and last_points.take(family.name, last):
                found.setdefault(family.name, []).append(event)
    return found


def _is_open(given: DetectionContext, pivots: Pivots) -> bool:
    """Return whether the first leg is high enough and no later bar has gone beyond C."""
    (x, a), c, after = pivots.prices[-4:-2].tolist(), float(pivots.prices[-1]), int(pivots.bars[-1]) + 1
    atr = average_range(given)
    if abs(a - x) < float(given.values["min_height_atr"]) * min(atr[pivots.bars[-3]], atr[-1]):
        return False
    later = (given.bars.high if a > x else given.bars.low)[after:]
    return bool((later <= c).all() if a > x else (later >= c).all())


def _event(given: DetectionContext, family: Harmonic, pivots: Pivots, limits: Mapping[str, float]) -> Event | None:
    """Return the family's event on the last four pivots; None if they do not fit or price has passed its zone."""
    x, a, b, c = (float(price) for price in pivots.prices[-4:])
    side = 1 if a > x else -1
    measured = {"AB_XA": (a - b) / (a - x), "BC_AB": (c - b) / (a - b), "XC_XA": (c - x) / (a - x)}
    errors = {}
    for name in KNOWN_AT_C:
        if name in family.ratios:
            low, high = family.ends(name)
            if not low * (1 - limits[name]) <= measured[name] <= high * (1 + limits[name]):
                return None
            errors[name] = measured[name] / min(max(measured[name], low), high) - 1
    levels, zone = zone_of(family, (x, a, b, c), allowed(given.values)[0])
    after = int(pivots.bars[-1]) + 1
    reach = given.bars.low[after:].min() if side > 0 else given.bars.high[after:].max()
    if (reach < zone[0]) if side > 0 else (reach > zone[1]):
        return None
    time, known = times_of(given), int(pivots.known[-1])
    rows = zip("XABC", pivots.bars[-4:].tolist(), pivots.prices[-4:].tolist(), pivots.known[-4:].tolist(), strict=True)
    marks = [Mark(*row) for row in rows]
    return Event(
        name=family.name,
        kind="harmonic",
        side=SIDES[side],
        score=round(score_of(family, errors, limits), 4),
        bar=known,
        formed_at=time[marks[-1].bar],
        confirmed_at=time[known],
        points=points_of(marks, time),
        ratios={name: round(measured[name], 4) for name in errors},
        errors={name: round(error, 4) for name, error in errors.items()},
        levels=levels,
        prz=zone,
        history=(StatusChange("forming", known, time[known]),),
    )
