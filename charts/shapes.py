"""Patterns over the candles: points, legs, lines, levels and zones, and the oscillator's points below."""

from collections.abc import Sequence

import numpy as np

from charts import plans
from charts.canvas import Canvas, Frame
from charts.description import Chart, Event, Pane, status_of
from charts.labels import Point
from charts.windows import position

# The points that a harmonic's ratio stands between: a dotted line, with its letters and the ratio in its middle.
SPANS = {"AB_XA": (0, 2), "BC_AB": (1, 3), "CD_BC": (2, 4), "AD_XA": (0, 4)}
LETTERS = "XABCD"
ZONES = ("support", "resistance", "fair_value_gap", "order_block")  # levels that stand until something ends them
FEW = 3  # shapes that have room for their ratios, and for names of their points
LETTER = 2  # characters of a point's name that others have room for


def prices(event: Event, beside: int) -> list[float]:
    """Return the prices that the picture should have room for, where it shows that many shapes."""
    found = [float(point["price"]) for point in event.get("points") or ()]
    return found + [price for _, price, _ in plans.of(event, beside)]


def draw(canvas: Canvas, frame: Frame, chart: Chart, frames: Sequence[Frame]) -> None:
    """Add the chart's shapes, each of whose points is on one of its bars; oscillators' points into their panes."""
    for event in chart.shapes:
        bars = [_bar(chart, int(point["time"])) for point in event["points"]]
        at = _bar(chart, int(event["confirmed_at"]))
        spots = [
            (frame.x(bar), frame.y(float(point["price"]))) for bar, point in zip(bars, event["points"], strict=True)
        ]
        with canvas.clipped(frame):
            if event["kind"] == "levels":
                _level(canvas, frame, chart, event, spots)
            else:
                _shape(canvas, frame, event, spots, at, is_alone=len(chart.shapes) <= FEW)
            plans.draw(canvas, frame, event, at, spots, len(chart.shapes))
            canvas.dots(spots, "dot")
        if event["kind"] == "divergence":
            _below(canvas, event, bars, chart.panes, frames)
        if event["kind"] != "levels":
            _letters(canvas, event["points"], spots, most=99 if len(chart.shapes) <= FEW else LETTER)
        plans.name(canvas, frame, event, at, spots)


def _bar(chart: Chart, moment_ms: int) -> int:
    return min(position(chart.bars, moment_ms), len(chart.bars) - 1)


def _level(canvas: Canvas, frame: Frame, chart: Chart, event: Event, spots: Sequence[Point]) -> None:
    """Add a level from its first touch to where it ended; of a breakout or a retest, to there."""
    levels = event.get("levels") or {}
    if "level" not in levels:
        return
    ended = status_of(event)[1]
    until = ended if event["name"] in ZONES else int(event["confirmed_at"])
    left = spots[0][0]
    right = frame.right if until is None else frame.x(_bar(chart, until))
    if {"low", "high"} <= levels.keys():
        top, bottom = frame.y(levels["high"]), frame.y(levels["low"])
        canvas.area([(left, top), (right, top), (right, bottom), (left, bottom)], "zone")
    canvas.line([(left, frame.y(levels["level"])), (right, frame.y(levels["level"]))], "edge")


def _shape(canvas: Canvas, frame: Frame, event: Event, spots: Sequence[Point], at: int, *, is_alone: bool) -> None:
    levels = event.get("levels") or {}
    x = frame.x(at)
    if "upper_start" in levels:  # two lines around the price, from the first point (or the pole's end) on
        begin = spots[-1][0] if len(spots) == 2 else spots[0][0]
        if len(spots) == 2:
            canvas.line(spots, "pole")
        for side in ("upper", "lower"):
            ends = [(begin, frame.y(levels[f"{side}_start"])), (x, frame.y(levels[f"{side}_end"]))]
            canvas.line(ends, "leg")
        return
    if "rim" in levels and len(spots) == 4:
        (left, rim), (_, base), (right, other), handle = spots
        bowl = f"C{left:.1f} {base:.1f} {right:.1f} {base:.1f} {right:.1f} {other:.1f}"
        canvas.path(f"M{left:.1f} {rim:.1f}{bowl}", "leg")
        canvas.line([(right, other), handle, (x, frame.y(levels["rim"]))], "leg")
        canvas.line([(left, frame.y(levels["rim"])), (x, frame.y(levels["rim"]))], "edge")
        return
    canvas.line(spots, "leg")
    if "neckline_start" in levels:
        ends = [(spots[1][0], frame.y(levels["neckline_start"])), (x, frame.y(levels["neckline_end"]))]
        canvas.line(ends, "edge")
    if event["kind"] == "harmonic" and len(spots) == 5:
        canvas.area(spots[:3], "fill")
        canvas.area(spots[2:], "fill")
        if is_alone:
            _ratios(canvas, event, spots)


def _ratios(canvas: Canvas, event: Event, spots: Sequence[Point]) -> None:
    for name, ratio in (event.get("ratios") or {}).items():
        if name in SPANS:
            begin, end = SPANS[name]
            first, last = spots[begin], spots[end]
            canvas.line([first, last], "ratio")
            words = f"{LETTERS[begin]}{LETTERS[end]} {ratio:.3g}"
            x, y = (first[0] + last[0]) / 2, (first[1] + last[1]) / 2
            canvas.label(x, y, words, "text-soft", above=True, rank=3, size=10)


def _below(canvas: Canvas, event: Event, bars: Sequence[int], panes: Sequence[Pane], frames: Sequence[Frame]) -> None:
    """Join the oscillator's values under the points, where the oscillator is drawn."""
    for pane, frame in zip(panes, frames, strict=True):
        for column in (curve.values for study in pane.studies for curve in study.curves if curve.key == event["of"]):
            values = [float(column[bar]) for bar in bars]
            if np.isfinite(values).all():
                spots = [(frame.x(bar), frame.y(value)) for bar, value in zip(bars, values, strict=True)]
                canvas.line(spots, "leg")
                canvas.dots(spots, "dot")


def _letters(canvas: Canvas, points: Sequence[Event], spots: Sequence[Point], most: int) -> None:
    """Add the points' labels of at most n characters, over what is higher than its neighbours and under the others."""
    for place, (point, (x, y)) in enumerate(zip(points, spots, strict=True)):
        around = [spots[near][1] for near in (place - 1, place + 1) if 0 <= near < len(spots)]
        words = str(point["label"]).replace("_", " ")
        if len(words) > most:
            continue
        canvas.label(x, y, words, "text-shape", above=y <= sum(around) / max(len(around), 1), rank=2)
