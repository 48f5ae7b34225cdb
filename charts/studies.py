"""Columns of an analysis: over the candles, or in a pane below."""

from collections.abc import Iterator, Sequence

import numpy as np

from analysis.arrays import Floats
from charts import axes, candles, ink, paths
from charts.canvas import Canvas, Frame
from charts.description import Curve, Pane, Study
from charts.labels import cut, width_of
from charts.style import STUDIES

LEGEND_ROW = 15
BAR = ("open", "high", "low", "close")
LEAST_USED = 0.35  # of a fixed scale


def overlays(canvas: Canvas, frame: Frame, studies: Sequence[Study]) -> None:
    """Add each study over the candles; one with many curves in one colour, with their names at its end."""
    colour = 0
    entries: list[tuple[str, int]] = []
    with canvas.clipped(frame):
        for study in studies:
            used = _colours(study, colour)
            _draw(canvas, frame, study, used)
            for curve in study.curves:
                canvas.labels.ink.curve(frame.middles, frame.ys(curve.values), ink.COLUMN)
            entries += _legend(frame, study, used)
            colour = max(used) + 1
    for study in studies:
        if study.is_levels:
            for curve in study.curves:
                end = _last(curve.values)
                if end is not None and frame.has(end[1]):
                    x = frame.x(end[0]) - width_of(curve.name, 9) / 2 - 2
                    canvas.label(x, frame.y(end[1]), curve.name, "text-soft", above=True, rank=4, size=9, reach=20)
    legend(canvas, frame, entries)


def pane(canvas: Canvas, price: Frame, top: float, height: float, one: Pane) -> Frame:
    """Add a strip with the studies and return its frame."""
    low, high = scale_of(one.studies)
    entries: list[tuple[str, int]] = []
    colours: list[list[int]] = []
    for study in one.studies:
        colours.append(_colours(study, max(colours[-1]) + 1 if colours else 0))
        entries += _keyed(study, colours[-1], (high - low) / 200)
    names = max((at[1] for at, _, _ in _rows(price.width, entries)), default=0.0)
    high += (high - low) * names / max(height - names, height / 2)  # the names lie over no curve
    frame = Frame(price.left, top, price.width, height, price.bars, low, high)
    marked = tuple(value for study in one.studies for value in study.lines)
    axes.values(canvas, frame, lines=max(2, int(height / 32)), at=marked)
    canvas.path(f"M{frame.left:.1f} {top:.1f}h{frame.width:.1f}", "grid")
    with canvas.clipped(frame):
        for study, used in zip(one.studies, colours, strict=True):
            for value in study.lines:
                canvas.line([(frame.left, frame.y(value)), (frame.right, frame.y(value))], "guide")
            _draw(canvas, frame, study, used)
    legend(canvas, frame, entries)
    return frame


def scale_of(studies: Sequence[Study]) -> tuple[float, float]:
    """Return the values at the lower and the upper edge of a pane: the scale that is fixed, or what there is.

    A fixed scale of which little is used, as of the ADX, would make a flat line: then it is what there is, too.
    """
    found = [value for study in studies for value in study.lines]
    for study in studies:
        for curve in study.curves:
            known = curve.values[np.isfinite(curve.values)]
            found += [float(known.min()), float(known.max())] if len(known) else []
            found += [0.0] if curve.style == "histogram" else []
    low, high = (min(found), max(found)) if found else (0.0, 1.0)
    low, high = max(low, -1e300), min(high, 1e300)
    first = studies[0]
    if first.low is not None and first.high is not None:
        reach = first.high - first.low
        if not found or high - low >= LEAST_USED * reach:
            return first.low - 0.04 * reach, first.high + 0.04 * reach
    reach = high - low
    if reach <= abs(high) * 1e-9:
        reach = abs(high) or 1.0
    return low - 0.08 * reach, high + 0.08 * reach


def legend(canvas: Canvas, frame: Frame, entries: Sequence[tuple[str, int]]) -> None:
    """Write the names in their colours in the upper left corner, in as many rows as they take."""
    for (across, down), words, colour in _rows(frame.width, entries):
        x, y = frame.left + across, frame.top + down - 3
        if y > frame.bottom:
            break
        wide = 20 + width_of(words, 10)
        canvas.path(f"M{x:.1f} {y - 4:.1f}h12", f"study{colour}")
        canvas.write(x + 16, y, words, "text-soft", size=10, halo=True)
        canvas.reserve(x, y - 11, wide, 14)


def _rows(room: float, entries: Sequence[tuple[str, int]]) -> Iterator[tuple[tuple[float, float], str, int]]:
    """Yield where each name begins and its row ends, from the upper left corner, with its words and colour."""
    across, down = 6.0, float(LEGEND_ROW)
    for words, colour in entries:
        words = cut(words, 10, room - 40)
        wide = 20 + width_of(words, 10)
        if across > 6 and across + wide > room:
            across, down = 6.0, down + LEGEND_ROW
        yield (across, down), words, colour
        across += wide + 10


def _colours(study: Study, first: int) -> list[int]:
    """Return the colour of each curve: one for all levels, one for both edges of a band."""
    used = [(first + (0 if study.is_levels else place)) % STUDIES for place in range(len(study.curves))]
    edges = [place for place, curve in enumerate(study.curves) if curve.style == "band"]
    if len(edges) == 2:
        used[edges[1]] = used[edges[0]]
    return used


def _draw(canvas: Canvas, frame: Frame, study: Study, used: Sequence[int]) -> None:
    """Add the curves in their colours; those that are bars of their own as candles."""
    if tuple(curve.name for curve in study.curves) == BAR:
        candles.draw(canvas, frame, *(curve.values for curve in study.curves))
        return
    edges = [curve for curve in study.curves if curve.style == "band"]
    if len(edges) == 2:
        upper, lower = (frame.ys(edge.values) for edge in edges)
        canvas.path(paths.area(frame.middles, upper, lower), f"area{used[study.curves.index(edges[0])]}")
    for curve, one in zip(study.curves, used, strict=True):
        _curve(canvas, frame, curve, one, is_level=study.is_levels)


def _curve(canvas: Canvas, frame: Frame, curve: Curve, colour: int, *, is_level: bool) -> None:
    heights = frame.ys(curve.values)
    if curve.style == "histogram":
        zero = np.full(len(heights), frame.y(0.0))
        top, foot = np.fmin(heights, zero), np.fmax(heights, zero)
        known = np.isfinite(heights)
        top, foot = np.where(known, top, np.nan), np.where(known, foot, np.nan)
        canvas.path(paths.columns(frame.middles, max(0.8, frame.step * 0.6), top, foot), f"solid{colour}")
    elif curve.style == "marker":
        known = np.isfinite(heights) & (curve.values != 0)
        middles = frame.middles - 1.5
        canvas.path(
            paths.columns(middles[known] + 1.5, 3, heights[known] - 1.5, heights[known] + 1.5), f"solid{colour}"
        )
    elif is_level:
        canvas.path(paths.steps(frame.middles, heights, frame.step), f"level{colour}")
    else:
        canvas.path(paths.curve(frame.middles, heights), f"study{colour}")


def _legend(frame: Frame, study: Study, used: Sequence[int]) -> Iterator[tuple[str, int]]:
    """Yield the names of a study over the price, with those of its curves that are outside of the picture."""
    beyond: dict[str, list[str]] = {"above": [], "below": []}
    for curve in study.curves:
        known = curve.values[np.isfinite(curve.values)]
        if len(known) and not ((known >= frame.low) & (known <= frame.high)).any():
            beyond["above" if known[-1] > frame.high else "below"].append(curve.name or "")
    outside = [f"{', '.join(filter(None, names))} {side}".strip() for side, names in beyond.items() if names]
    words = study.name + (f" ({'; '.join(outside)})" if outside else "")
    if len(set(used)) == 1:
        yield words, used[0]
        return
    for place, (curve, colour) in enumerate(zip(study.curves, used, strict=True)):
        yield (f"{words} {curve.name}" if place == 0 else curve.name), colour


def _keyed(study: Study, used: Sequence[int], step: float) -> Iterator[tuple[str, int]]:
    """Yield the names of a study in a pane with their last values."""
    for place, (curve, colour) in enumerate(zip(study.curves, used, strict=True)):
        name = study.name if len(study.curves) == 1 else f"{study.name} {curve.name}" if place == 0 else curve.name
        end = _last(curve.values)
        yield (name if end is None else f"{name} {axes.number(end[1], step)}"), colour


def _last(values: Floats) -> tuple[int, float] | None:
    """Return the last bar with a value, and the value."""
    known = np.flatnonzero(np.isfinite(values))
    return (int(known[-1]), float(values[known[-1]])) if len(known) else None
