"""Support and resistance: prices where the market turned several times, their breakouts, and the way back to them.

A level is known when the pivot that makes it one is. Later touches belong to it; they do not announce it again.
"""

from collections.abc import Mapping, Sequence
from statistics import median

from analysis.arrays import Floats, Ints
from analysis.catalog.entry import DetectionContext
from analysis.catalog.params import integer, number
from analysis.events import Event
from analysis.kernels.jit import jit
from analysis.kernels.levels import fates, levels
from analysis.patterns.candidates import Candidate
from analysis.patterns.detectors import detector
from analysis.patterns.marks import Mark
from analysis.patterns.overlap import apart_by_name
from analysis.patterns.pivots import Pivots, average_range, swings_of
from analysis.patterns.shapes import shapes_of

SOURCE = "Murphy, Technical Analysis of the Financial Markets (1999), ch. 4"
BEYOND = 0.25  # ATR past the outermost touch that a close breaks out with
RETEST_BARS = 30
AWAY = 0.5  # ATR from the touches to the stop on their other side
LIFE = 60  # bars that a breakout or a retest is followed
PARAMS = (
    integer("left", 5, 2, 50, "Bars before a pivot that it stands out among."),
    integer("right", 5, 2, 50, "Bars after it, that it is known by."),
    integer("touches", 3, 2, 10, "Pivots that make a level."),
    number("tolerance_atr", 0.5, 0.05, 5.0, "How far apart they may be, in ATR14."),
    integer("lookback", 250, 20, 2_000, "Bars that the touches may lie before the last, and that a level outlives it."),
)


def levels_and_after(given: DetectionContext) -> Mapping[str, Sequence[Event]]:
    """Return levels, breakouts and retests by name."""
    values, bars, atr = given.values, given.bars, average_range(given)
    tolerance, lookback = float(values["tolerance_atr"]), int(values["lookback"])
    pivots = swings_of(given, int(values["left"]), int(values["right"]))
    candidates: list[Candidate] = []
    for side in (1, -1):
        is_mine = (pivots.kinds == side) & (pivots.bars >= 14)
        mine = Pivots(*(column[is_mine] for column in pivots))
        places = mine.bars, mine.known, mine.prices
        owner, makers = jit[levels](*places, bars.close, atr, side, tolerance, int(values["touches"]), lookback)
        ends = jit[fates](
            *places, owner, makers, bars.high, bars.low, bars.close, atr, side, BEYOND, lookback, RETEST_BARS
        )
        touches = _touches(mine, owner, len(makers))
        known = [int(mine.known[maker]) for maker in makers.tolist()]
        found = [_candidate(marks, at, side, "level", lookback, atr) for marks, at in zip(touches, known, strict=True)]
        kept = set(map(id, apart_by_name(found)))
        for level, marks, (broken, retested, _) in zip(found, touches, ends.tolist(), strict=True):
            if id(level) not in kept:
                continue  # and nothing is told of what became of it
            candidates.append(level)
            if broken >= 0:
                candidates.append(_candidate(marks, broken, side, "level_breakout", LIFE, atr))
            if retested >= 0:
                candidates.append(_candidate(marks, retested, side, "level_retest", LIFE, atr))
    return shapes_of(given, "levels", apart_by_name(candidates))


def _touches(pivots: Pivots, owner: Ints, count: int) -> list[list[Mark]]:
    """Return the touches of each level, oldest first."""
    touches: list[list[Mark]] = [[] for _ in range(count)]
    rows = zip(owner.tolist(), pivots.bars.tolist(), pivots.prices.tolist(), pivots.known.tolist(), strict=True)
    for level, bar, price, known in rows:
        if level >= 0:
            touches[level].append(Mark(str(len(touches[level]) + 1), bar, price, known))
    return touches


def _candidate(touches: Sequence[Mark], bar: int, side: int, name: str, life: int, atr: Floats) -> Candidate:
    """Return the event at a bar, with the touches known by then."""
    marks = [mark for mark in touches if mark.known <= bar]
    prices = sorted(mark.price for mark in marks)
    lowest, highest = prices[0], prices[-1]
    range_ = float(atr[bar])
    direction = side if name != "level" else -side
    edge = lowest if direction > 0 else highest
    return Candidate(
        name=name if name != "level" else "resistance" if side > 0 else "support",
        direction=direction,
        score=_score(len(marks), (highest - lowest) / range_),
        bar=bar,
        marks=marks,
        life=life,
        levels={"level": median(prices), "low": lowest, "high": highest},
        stop=edge - direction * AWAY * range_,
    )


def _score(touches: int, width: float) -> float:
    """Return 0 to 1: more touches and a narrower band are better."""
    return (1.0 - 0.5 ** (touches - 1)) / (1.0 + width)


for _name, _notes in {
    "support": "At least three lows within half an ATR, and no close that far below them in between.",
    "resistance": "At least three highs within half an ATR, and no close that far above them in between.",
    "level_breakout": "The first close 0.25 ATR past the outermost touch of a known support or resistance.",
    "level_retest": "Within 30 bars of a breakout, a bar that comes to 0.25 ATR from the touches and closes beyond.",
}.items():
    detector(
        _name,
        levels_and_after,
        category="levels",
        source=SOURCE,
        params=PARAMS,
        notes=f"{_notes} Points are the touches; `levels` has their median, lowest and highest price.",
        cost_us=60,
    )
