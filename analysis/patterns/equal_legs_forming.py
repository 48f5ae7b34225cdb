"""AB=CD and Three Drives still open: all but the last point are there, and price is on its way to that.

Their rules set the last leg as a multiple of one that is known, so what is expected are single prices. `prz` is that
of them which comes next, with the tolerance that an event would have. Any of these may vanish with the next bar.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from math import exp
from typing import NamedTuple

import numpy as np

from analysis.arrays import Floats
from analysis.catalog.entry import DetectionContext
from analysis.events import Event, StatusChange
from analysis.patterns.candidates import SIDES, times_of
from analysis.patterns.marks import Mark, marks_at, points_of
from analysis.patterns.overlap import LastPoints
from analysis.patterns.pivots import Pivots, average_range, zigzags
from analysis.patterns.prz import allowed

RECIPROCAL = 0.382, 0.382 * 2.24  # BC_AB, and the CD_AB that comes of it: not quite AB
CORRECTION, EXTENSIONS = (0.618, 0.786), (1.27, 1.618)
RETRACEMENT, MULTIPLES = (0.382, 0.886), (1.0, 1.27, 1.618)


class Told(NamedTuple):
    """What is known of the legs: the prices that the last point is expected at, and the latest bar that it can be."""

    ratios: dict[str, float]
    errors: dict[str, float]
    expected: dict[str, float]
    latest: int


Read = Callable[[DetectionContext, Sequence[Mark]], Told | None]


def abcd_forming(given: DetectionContext) -> Mapping[str, Sequence[Event]]:
    """Return what the last three pivots of every scale may become an AB=CD of."""
    return {"abcd": _forming(given, "abcd", "ABC", _legs)}


def three_drives_forming(given: DetectionContext) -> Mapping[str, Sequence[Event]]:
    """Return what the last five pivots of every scale may become three drives of."""
    return {"three_drives": _forming(given, "three_drives", "01234", _drives)}


def _forming(given: DetectionContext, name: str, labels: str, read: Read) -> list[Event]:
    found = []
    last_points = LastPoints()
    for pivots in zigzags(given):
        count = len(pivots.bars)
        if count < len(labels) or not _is_open(given, pivots, len(labels)):
            continue
        marks = marks_at(pivots, range(count - len(labels), count), labels)
        told = read(given, marks)
        event = None if told is None else _event(given, name, marks, told)
        if event is not None and last_points.take(name, marks[-1].bar):
            found.append(event)
    return found


def _is_open(given: DetectionContext, pivots: Pivots, points: int) -> bool:
    """Return whether the first leg is high enough and nothing has gone beyond the last point since it is known."""
    first, second = pivots.prices[-points], pivots.prices[1 - points]
    atr = average_range(given)
    if abs(first - second) < float(given.values["min_height_atr"]) * min(atr[pivots.bars[1 - points]], atr[-1]):
        return False
    last, after = float(pivots.prices[-1]), int(pivots.known[-1]) + 1
    is_high = pivots.kinds[-1] > 0
    return bool((given.bars.high[after:] <= last).all() if is_high else (given.bars.low[after:] >= last).all())


def _legs(given: DetectionContext, marks: Sequence[Mark]) -> Told | None:
    """Return what is known of A, B and C, if BC is the part of AB that the rule allows."""
    _, _, slack = allowed(given.values)
    a, b, c = (mark.price for mark in marks)
    first, ratio = abs(a - b), abs(c - b) / abs(a - b)
    error = _beyond(ratio, *RETRACEMENT)
    if abs(error) > slack:
        return None
    usual, reciprocal = RECIPROCAL
    multiples = sorted((*MULTIPLES, *((reciprocal,) if abs(ratio / usual - 1.0) <= slack else ())))
    way = 1.0 if a > b else -1.0
    expected = {f"cd_{round(one, 3):g}": c - way * one * first for one in multiples}
    return Told({"BC_AB": ratio}, {"BC_AB": error}, expected, len(given.bars))


def _drives(given: DetectionContext, marks: Sequence[Mark]) -> Told | None:
    """Return what is known of two drives and their corrections, if they are as the rule has it and time is not over."""
    tolerance, _, slack = allowed(given.values)
    uneven, bars = float(given.values["uneven"]), [mark.bar for mark in marks]
    lengths = [abs(after.price - before.price) for before, after in pairwise(marks)]
    names = ("C1", "D2", "C2")
    ratios = {name: lengths[at + 1] / lengths[at] for at, name in enumerate(names)}
    errors = {name: _beyond(ratios[name], *CORRECTION) for name in ("C1", "C2")}
    errors["D2"] = min((ratios["D2"] / one - 1.0 for one in EXTENSIONS), key=abs)
    if abs(errors["D2"]) > tolerance or max(abs(errors["C1"]), abs(errors["C2"])) > slack:
        return None
    one, other, drive = bars[2] - bars[1], bars[4] - bars[3], bars[3] - bars[2]
    if max(one, other) > uneven * min(one, other):
        return None
    last, way = marks[-1].price, 1.0 if marks[0].price > marks[1].price else -1.0
    expected = {f"drive_{ratio:g}": last - way * ratio * lengths[3] for ratio in EXTENSIONS}
    return Told(ratios, {name: errors[name] for name in names}, expected, bars[4] + int(uneven * drive))


def _beyond(ratio: float, low: float, high: float) -> float:
    """Return how far a ratio lies outside of its range, as a part of the end that it is beyond; 0 inside."""
    return min(0.0, ratio / low - 1.0) + max(0.0, ratio / high - 1.0)


def _event(given: DetectionContext, name: str, marks: Sequence[Mark], told: Told) -> Event | None:
    """Return what is told of these points; None where the last can be at none of the expected prices any more."""
    last, time, is_bullish = marks[-1], times_of(given), marks[-1].price > marks[-2].price
    zone = _next_zone(given, last, told, given.bars.low if is_bullish else -given.bars.high)
    if zone is None:
        return None
    tolerance, _, slack = allowed(given.values)
    used = [abs(error) / (tolerance if ratio == "D2" else slack) for ratio, error in told.errors.items()]
    return Event(
        name=name,
        kind="harmonic",
        side=SIDES[1 if is_bullish else -1],
        score=round(exp(-sum(used) / len(used)), 4),
        bar=last.known,
        formed_at=time[last.bar],
        confirmed_at=time[last.known],
        points=points_of(marks, time),
        ratios={ratio: round(value, 4) for ratio, value in told.ratios.items()},
        errors={ratio: round(error, 4) for ratio, error in told.errors.items()},
        levels=told.expected,
        prz=zone if is_bullish else (-zone[1], -zone[0]),
        history=(StatusChange("forming", last.known, time[last.known]),),
    )


def _next_zone(given: DetectionContext, last: Mark, told: Told, prices: Floats) -> tuple[float, float] | None:
    """Return the next of the expected prices with its tolerance; `prices` go down to it, a rising leg's turned over."""
    tolerance, *_ = allowed(given.values)
    after = prices[last.bar + 1 :]
    lowest = int(np.argmin(after)) if len(after) else -1
    if last.bar + 1 + lowest > told.latest:
        return None
    reach = float(after[lowest]) if len(after) else np.inf
    is_late = len(prices) - 1 > told.latest
    for price in told.expected.values():
        wide, low = tolerance * abs(price - last.price), price if prices is given.bars.low else -price
        if low - wide <= reach:
            return None if is_late and reach > low + wide else (low - wide, low + wide)
    return None
