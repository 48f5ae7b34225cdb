"""Wyckoff's events at the bottom and at the top of a range: climax, rally, test, spring, strength, last support.

An event says that it has happened, and nothing of a phase between it and the next.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from analysis.arrays import Floats
from analysis.catalog.entry import DetectionContext
from analysis.catalog.params import integer, number
from analysis.events import Event
from analysis.kernels import wyckoff_events as kernel
from analysis.kernels.jit import jit
from analysis.kernels.rolling import exact_sum
from analysis.patterns.candidates import Candidate
from analysis.patterns.detectors import detector
from analysis.patterns.marks import Mark, life_of
from analysis.patterns.pivots import average_range
from analysis.patterns.shapes import shapes_of

SOURCE = (
    "StockCharts ChartSchool, The Wyckoff Method: A Tutorial; Pruden, The Three Skills of Top Trading (2007), ch. 3"
)
MEAN = 20  # bars that a volume is held against
BEYOND = 0.25  # ATR between an extreme and the stop beyond it
# Of an event at a bottom and of its mirror at a top: the names.
NAMES = {
    kernel.SC: ("selling_climax", "buying_climax"),
    kernel.AR: ("automatic_rally", "automatic_reaction"),
    kernel.ST: ("secondary_test", "secondary_test"),
    kernel.SPRING: ("spring", "upthrust"),
    kernel.SOS: ("sign_of_strength", "sign_of_weakness"),
    kernel.LPS: ("last_point_of_support", "last_point_of_supply"),
}
# Of the same, what the point of its own is called.
POINTS = {
    kernel.SC: ("climax", "climax"),
    kernel.AR: ("rally", "reaction"),
    kernel.ST: ("test", "test"),
    kernel.SPRING: ("spring", "upthrust"),
    kernel.SOS: ("sign", "sign"),
    kernel.LPS: ("last_point", "last_point"),
}
NOTES = {
    kernel.SC: "A bar lower than the 50 before, 1.75 ATR14 wide, on 1.5 times the mean volume, that closes 40 % of its "
    "range off the low.",
    kernel.AR: "The high after a climax, 3 ATR or more above its low, known when a low is 1.5 ATR below it, within 40 "
    "bars and before a low below the climax.",
    kernel.ST: "After the rally the first bar that comes within one ATR of the climax's low and not below it, on at "
    "most 0.7 of its volume and a smaller range.",
    kernel.SPRING: "After the rally a low below the climax, by one ATR at most and on less volume, and a close above "
    "it within three bars.",
    kernel.SOS: "After the rally a higher close above its high, on a bar of one ATR and of the mean volume or more.",
    kernel.LPS: "After a sign of strength the lowest bar of a reaction of an ATR or more, on less volume than the "
    "sign's, above the middle of the range; known at a close above that bar's high, within 40 bars.",
}
PARAMS = (
    number("climax_atr", 1.75, 0.5, 10.0, "The least range of a climax in ATR14 of the bars before."),
    number("climax_volume", 1.5, 1.0, 20.0, "The least volume of a climax, in means of the 20 bars before."),
    integer("extreme", 50, 10, 500, "The bars before a climax, none of which is as low (as high)."),
    number("rally_atr", 3.0, 0.5, 20.0, "The least height of the range in ATR14 of the bars before the climax."),
    integer("life", 250, 20, 2_000, "The bars that a range is watched for after its climax."),
)


def wyckoff(given: DetectionContext) -> Mapping[str, Sequence[Event]]:
    """Return the events by name; none where the bars have no volume."""
    bars, values = given.bars, given.values
    if bars.volume is None:
        return {}
    atr, usual = _before(average_range(given)), _before(exact_sum(bars.volume, MEAN) / MEAN)
    asked = float(values["climax_atr"]), float(values["climax_volume"]), int(values["extreme"])
    rest = float(values["rally_atr"]), int(values["life"])
    candidates = []
    for side, prices in ((1, (bars.high, bars.low, bars.close)), (-1, (-bars.low, -bars.high, -bars.close))):
        some = jit[kernel.wyckoff_events](*prices, bars.volume, atr, usual, side, *asked, *rest)
        rows = zip(some[0].tolist(), some[1].tolist(), strict=True)
        candidates += [_candidate(given, numbers, figures) for numbers, figures in rows]
    candidates.sort(key=lambda candidate: candidate.bar)
    return shapes_of(given, "wyckoff", candidates)


def _candidate(given: DetectionContext, numbers: list[int], figures: list[float]) -> Candidate:
    code, bar, side, climax, rally, strength, own, rallied = numbers
    unit, bottom, top, score = figures
    low, high = (given.bars.low, given.bars.high) if side > 0 else (given.bars.high, given.bars.low)
    bottom, top = side * bottom, side * top
    labels = {one: pair[side < 0] for one, pair in POINTS.items()}
    marks = [Mark("climax", climax, float(low[climax]), climax)]
    if code > kernel.SC:
        marks.append(Mark(labels[kernel.AR], rally, float(high[rally]), rallied))
    if code > kernel.SOS:
        marks.append(Mark("sign", strength, float(given.bars.close[strength]), strength))
    if code > kernel.AR:
        price = float(given.bars.close[own] if code == kernel.SOS else low[own])
        marks.append(Mark(labels[code], own, price, bar))
    edge = {kernel.SOS: (top + bottom) / 2.0, kernel.SPRING: marks[-1].price, kernel.LPS: marks[-1].price}
    height = top - bottom
    targets = {kernel.ST: (top,), kernel.SPRING: (top,), kernel.SOS: (top + height,), kernel.LPS: (top + height,)}
    levels = {"climax": bottom} if code == kernel.SC else {"climax": bottom, "reaction": top}
    return Candidate(
        name=_named(NAMES[code][side < 0]),
        direction=side,
        score=score,
        bar=bar,
        marks=marks,
        life=life_of(marks),
        ratios={} if code == kernel.SC else {"height_atr": abs(height) / unit},
        levels=levels,
        targets=targets.get(code, ()),
        stop=edge.get(code, bottom) - side * BEYOND * unit,
    )


def _named(name: str) -> str:
    return f"wyckoff_{name}"


def _before(column: Floats) -> Floats:
    return np.concatenate((np.full(min(1, len(column)), np.nan), column[:-1]))


for _code, _pair in NAMES.items():
    for _name in dict.fromkeys(_pair):
        detector(
            _named(_name),
            wyckoff,
            category="wyckoff",
            source=SOURCE,
            params=PARAMS,
            notes=f"{NOTES[_code]} At a top the mirror image. Needs the volume.",
            needs_volume=True,
            cost_us=40,
        )
