"""Divergences: price and an oscillator disagree at two pivots of the same kind in a row.

Known when the second pivot is, `right` bars after it.
"""

from collections.abc import Mapping, Sequence
from math import exp, sqrt
from typing import Any

import numpy as np

from analysis.arrays import Floats, Ints
from analysis.catalog.entry import DetectionContext
from analysis.catalog.params import choice, integer, number
from analysis.events import Event
from analysis.patterns.candidates import Candidate
from analysis.patterns.detectors import detector
from analysis.patterns.marks import Mark
from analysis.patterns.pivots import average_range, swings_of
from analysis.patterns.shapes import Shapes

SOURCE = "Brown, Technical Analysis for the Trading Professional (2nd ed., 2012), ch. 4"
POINTS = 2.0
# The oscillators that may be asked for: their columns, and by how many points those that run over 100 must have
# changed; the others by a part of their own deviation.
OSCILLATORS: dict[str, tuple[str, float | None]] = {
    "rsi": ("rsi", POINTS),
    "stochastic_k": ("stochastic.k", POINTS),
    "williams_r": ("williams_r", POINTS),
    "mfi": ("mfi", POINTS),
    "ultimate_oscillator": ("ultimate_oscillator", POINTS),
    "macd": ("macd.macd", None),
    "macd_histogram": ("macd.histogram", None),
    "cci": ("cci", None),
    "momentum": ("momentum", None),
    "roc": ("roc", None),
    "obv": ("obv", None),
    "awesome": ("awesome", None),
}
SPREAD_BARS = 60  # over which an oscillator's deviation is taken
AROUND = 2  # bars on either side of the price's pivot that the oscillator's extreme may be at
BEYOND = 0.25  # ATR between the second pivot and the stop beyond it
LIFE = 60  # bars until it expires
# Of price and oscillator, in the direction of the pivot's kind: does the second stand out more than the first?
NAMES = {
    (-1, True): "regular_bullish_divergence",
    (1, True): "regular_bearish_divergence",
    (-1, False): "hidden_bullish_divergence",
    (1, False): "hidden_bearish_divergence",
}
Row = tuple[Any, ...]  # what _candidate() takes after the oscillator
KNOWN = 5  # the place in it of the bar that the second pivot is known at
PARAMS = (
    choice("oscillator", "rsi", tuple(OSCILLATORS), "What is held against the price."),
    integer("left", 5, 2, 50, "Bars before a pivot that it stands out among."),
    integer("right", 5, 2, 50, "Bars after it, that it is known by."),
    integer("least_bars", 5, 2, 500, "The least distance of the two pivots."),
    integer("most_bars", 60, 5, 1_000, "The greatest distance of the two pivots."),
    number("min_price_atr", 0.25, 0.0, 20.0, "By how many ATR14 the two prices differ at least."),
    number(
        "min_spread", 0.25, 0.0, 20.0, "By how much of its 60-bar deviation an unbounded oscillator differs at least."
    ),
)


def divergences(given: DetectionContext) -> Mapping[str, Sequence[Event]]:
    """Return the divergences by name."""
    text, points = OSCILLATORS[str(given.values["oscillator"])]
    column = given.column(text)
    pivots = swings_of(given, int(given.values["left"]), int(given.values["right"]))
    rows: list[Row] = []
    for kind in (1, -1):
        mine = pivots.kinds == kind
        bars, known, prices = pivots.bars[mine], pivots.known[mine], pivots.prices[mine]
        if len(bars) > 1:
            rows += _of_kind(given, points, column, kind, bars, known, prices)
    found: dict[str, Shapes] = {}
    for place, row in enumerate(rows):
        name = NAMES[row[0], row[1] > 0]
        if name not in found:
            found[name] = Shapes(given, "divergence", lambda place: _candidate(given, text, *rows[place]))
        found[name].add(place, row[KNOWN])
    return found


def _of_kind(
    given: DetectionContext,
    points: float | None,
    column: Floats,
    kind: int,
    bars: Ints,
    known: Ints,
    prices: Floats,
) -> list[Row]:
    """Return the divergences at highs (kind 1) or lows (−1), in the order of their bars."""
    atr = average_range(given)
    readings = _extremes(column, bars, kind)
    first, second = bars[:-1], bars[1:]
    step, turn = kind * np.diff(prices), kind * np.diff(readings)
    size = np.abs(step) / atr[second]
    least = np.full(len(second), points)
    if points is None:
        least = float(given.values["min_spread"]) * _spread(column, second)
    apart = second - first
    fits = (apart >= int(given.values["least_bars"])) & (apart <= int(given.values["most_bars"]))
    fits &= (size >= float(given.values["min_price_atr"])) & (np.abs(turn) >= least) & (step * turn < 0)
    readings1, readings2, stops = readings[:-1], readings[1:], prices[1:] + kind * BEYOND * atr[second]
    points_of = (first, second, known[:-1], known[1:], prices[:-1], prices[1:], readings1, readings2, stops)
    columns = (step, *points_of, size, turn, least)
    at = np.flatnonzero(fits)
    return list(zip([kind] * len(at), *(column[at].tolist() for column in columns), strict=True))


def _candidate(
    given: DetectionContext,
    text: str,
    kind: int,
    way: float,
    bar1: int,
    bar2: int,
    known1: int,
    known2: int,
    price1: float,
    price2: float,
    reading1: float,
    reading2: float,
    stop: float,
    large: float,
    turned: float,
    asked: float,
) -> Candidate:
    """Return the divergence of two pivots: their bars, when they are known, their prices and the oscillator's values.

    `way` is how far the price went from one to the other, `large` the same in ATR, `turned` how far the oscillator
    did and `asked` how far it has to.
    """
    return Candidate(
        name=NAMES[kind, way > 0],
        direction=-kind,
        score=1 - exp(-sqrt(large * (abs(turned) / max(asked, 1e-300)))),
        bar=known2,
        marks=[Mark("1", bar1, price1, known1), Mark("2", bar2, price2, known2)],
        life=LIFE,
        ratios={"oscillator_1": reading1, "oscillator_2": reading2},
        targets=_target(given, kind, bar1, bar2, known2),
        stop=stop,
        source=text,
    )


def _extremes(column: Floats, bars: Ints, kind: int) -> Floats:
    """Return the oscillator's highest (kind 1) or lowest (−1) value near each bar; NaN where one of them is."""
    near = np.clip(bars[:, np.newaxis] + np.arange(-AROUND, AROUND + 1), 0, len(column) - 1)
    values = column[near]
    return values.max(axis=1) if kind > 0 else values.min(axis=1)


def _spread(column: Floats, bars: Ints) -> Floats:
    """Return the oscillator's deviation over the 60 bars up to each; NaN where there are fewer."""
    rows = bars[:, np.newaxis] - np.arange(SPREAD_BARS)
    values = np.where(rows >= 0, column[np.maximum(rows, 0)], np.nan)
    away = values - values.mean(axis=1, keepdims=True)
    return np.sqrt((away * away).mean(axis=1))


def _target(given: DetectionContext, kind: int, first: int, second: int, known: int) -> tuple[float, ...]:
    """Return the other extreme between two pivots, where the last reaction ended; none if price was there since."""
    column, extreme = (given.bars.low, np.min) if kind > 0 else (given.bars.high, np.max)
    target, since = float(extreme(column[first : second + 1])), float(extreme(column[second + 1 : known + 1]))
    return (target,) if (since - target) * kind > 0 else ()


for _kind, _is_regular in NAMES:
    _side, _what = ("lows", "bullish") if _kind < 0 else ("highs", "bearish")
    detector(
        NAMES[_kind, _is_regular],
        divergences,
        category="divergence",
        source=SOURCE,
        params=PARAMS,
        notes=(
            f"At two {_side} in a row: price {'goes further' if _is_regular else 'does not'}, the oscillator "
            f"{'does not' if _is_regular else 'goes further'}. `of` names the oscillator, `ratios` its two values."
        ),
        cost_us=120,
    )
