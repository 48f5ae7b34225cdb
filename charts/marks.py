"""Patterns over the candles: points, legs, lines, zones, names, targets and stops."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from analysis.arrays import Floats, Times
from charts.canvas import Canvas, Frame

Event = Mapping[str, Any]
Point = tuple[float, float]
ARROWS = {"bullish": "▲", "bearish": "▼", "neutral": "◆"}
# The points that a harmonic's ratio stands between: a dotted line, with its letters and the ratio in its middle.
SPANS = {"AB_XA": (0, 2), "BC_AB": (1, 3), "CD_BC": (2, 4), "AD_XA": (0, 4)}
LETTERS = "XABCD"
ZONE_BARS = 12


def prices(event: Event) -> list[float]:
    """Return the prices that the picture should have room for."""
    found = [point["price"] for point in event.get("points") or ()]
    found += [price for price in (*(event.get("targets") or ()), event.get("stop")) if price is not None]
    return [float(price) for price in found]


def draw(
    canvas: Canvas,
    frame: Frame,
    event: Event,
    times: Times,
    strips: Mapping[str, Floats],
    panes: Sequence[Frame],
) -> None:
    """Add one event; points before the first bar stand at the left edge."""
    at = float(_bar(times, event["confirmed_at"]))
    points = event.get("points") or ()
    if not points:
        _mark(canvas, frame, event, at)
        return
    bars = [float(_bar(times, point["time"])) for point in points]
    spots = [(frame.x(bar), frame.y(float(point["price"]))) for bar, point in zip(bars, points, strict=True)]
    _shape(canvas, frame, event, spots, at)
    if event["kind"] == "divergence":
        _below(canvas, event, bars, strips, panes)
    canvas.dots(spots, "dot")
    _letters(canvas, points, spots)
    _plans(canvas, frame, event, at, spots)
    _name(canvas, frame, event, at, spots)


def _bar(times: Times, moment: int) -> int:
    return min(int(np.searchsorted(times, int(moment))), len(times) - 1)


def _mark(canvas: Canvas, frame: Frame, event: Event, at: float) -> None:
    """Add a candlestick: an arrow under or over the plot's edge, with the name to read on pointing at it."""
    x, side = frame.x(at), str(event["side"])
    y, up = (frame.bottom - 8, -6.0) if side != "bearish" else (frame.top + 22, 6.0)
    name = str(event["name"]).replace("_", " ")
    canvas.parts.append(f'<path class="{side}" d="M{x - 4:.1f} {y:.1f}h8l-4 {up:.1f}Z"><title>{name}</title></path>')


def _shape(canvas: Canvas, frame: Frame, event: Event, spots: Sequence[Point], at: float) -> None:
    levels = event.get("levels") or {}
    x = frame.x(at)
    if "upper_start" in levels:  # two lines around the price, from the first point (or the pole's end) on
        begin = spots[-1][0] if len(spots) == 2 else spots[0][0]
        if len(spots) == 2:
            canvas.line(spots, "leg thick")
        for side in ("upper", "lower"):
            ends = [(begin, frame.y(levels[f"{side}_start"])), (x, frame.y(levels[f"{side}_end"]))]
            canvas.line(ends, "leg")
        return
    if event["kind"] == "level" and {"low", "high"} <= levels.keys():
        top, bottom = frame.y(levels["high"]), frame.y(levels["low"])
        begin = spots[0][0]
        canvas.area([(begin, top), (frame.right, top), (frame.right, bottom), (begin, bottom)], "band")
        canvas.line([(begin, frame.y(levels["level"])), (frame.right, frame.y(levels["level"]))], "edge")
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
        for name, ratio in (event.get("ratios") or {}).items():
            if name in SPANS:
                begin, end = SPANS[name]
                first, last = spots[begin], spots[end]
                canvas.line([first, last], "ratio")
                text = f"{LETTERS[begin]}{LETTERS[end]} {ratio:.3g}"
                canvas.label((first[0] + last[0]) / 2, (first[1] + last[1]) / 2 + 4, text, "small", above=True)


def _below(
    canvas: Canvas, event: Event, bars: Sequence[float], strips: Mapping[str, Floats], panes: Sequence[Frame]
) -> None:
    """Join the oscillator's values under the points, where the oscillator is drawn."""
    for (name, column), pane in zip(strips.items(), panes, strict=True):
        if name == event.get("of"):
            values = [float(column[int(bar)]) for bar in bars]
            canvas.line([(pane.x(bar), pane.y(value)) for bar, value in zip(bars, values, strict=True)], "leg")
            canvas.dots([(pane.x(bar), pane.y(value)) for bar, value in zip(bars, values, strict=True)], "dot")


def _letters(canvas: Canvas, points: Sequence[Event], spots: Sequence[Point]) -> None:
    """Add the points' labels over those that are higher than their neighbours and under the others."""
    for place, (point, (x, y)) in enumerate(zip(points, spots, strict=True)):
        around = [spots[near][1] for near in (place - 1, place + 1) if 0 <= near < len(spots)]
        label = str(point["label"]).replace("_", " ")
        canvas.label(x, y, label, "point", above=y <= sum(around) / max(len(around), 1))


def _plans(canvas: Canvas, frame: Frame, event: Event, at: float, spots: Sequence[Point]) -> None:
    """Add the zone where a reversal is expected, the targets and the stop, from the confirming bar on."""
    begin, end = frame.x(at), min(frame.right, frame.x(at + 3 * ZONE_BARS))
    zone = event.get("prz")
    if zone:
        left, right = spots[-1][0], frame.x(at + ZONE_BARS)
        low, high = frame.y(zone[0]), frame.y(zone[1])
        canvas.area([(left, high), (right, high), (right, low), (left, low)], "band")
    named = [(f"target {n}", price, "target") for n, price in enumerate(event.get("targets") or (), start=1)]
    if event.get("stop") is not None:
        named.append(("stop", event["stop"], "stop"))
    for name, price, css in named:
        if frame.low <= price <= frame.high:
            canvas.line([(begin, frame.y(price)), (end, frame.y(price))], css)
            canvas.label(min(end, frame.right - 24), frame.y(price) + 4, name, "small", above=True)


def _name(canvas: Canvas, frame: Frame, event: Event, at: float, spots: Sequence[Point]) -> None:
    """Add what it is and from when on that was known."""
    side = str(event["side"])
    x = frame.x(at)
    canvas.line([(x, frame.top), (x, frame.bottom)], "known")
    text = f"{ARROWS[side]} {str(event['name']).replace('_', ' ')} {float(event['score']):.2f}"
    heights = [y for _, y in spots]
    above = side == "bearish"
    half = len(text) * 3.4
    middle = (spots[0][0] + spots[-1][0]) / 2
    x = min(max(middle, frame.left + half), frame.right - half)
    canvas.label(x, (min(heights) - 16) if above else (max(heights) + 14), text, side, above=above)
