"""Columns as lines: over the candles, or in a strip of their own below."""

from collections.abc import Mapping

import numpy as np

from analysis.arrays import Floats
from charts import axes
from charts.canvas import Canvas, Frame

COLOURS = 6


def overlays(canvas: Canvas, frame: Frame, columns: Mapping[str, Floats]) -> None:
    """Add each column in a colour of its own, and their names in the upper left corner."""
    x = frame.left + 6
    for place, (name, column) in enumerate(columns.items()):
        css = f"over{place % COLOURS}"
        _line(canvas, frame, column, css)
        canvas.path(f"M{x:.1f} {frame.top + 8:.1f}h14", css)
        canvas.write(x + 18, frame.top + 12, name, "small")
        x += 34 + 6 * len(name)


def pane(canvas: Canvas, price: Frame, top: float, height: float, name: str, column: Floats) -> Frame:
    """Add a strip with the column and return its frame."""
    known = column[np.isfinite(column)]
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
    reach = (high - low) or abs(high) or 1.0
    frame = Frame(price.left, top, price.width, height, price.bars, low - 0.08 * reach, high + 0.08 * reach)
    axes.prices(canvas, frame, lines=3)
    _line(canvas, frame, column, "over1")
    canvas.write(frame.left + 6, frame.top + 12, name, "small")
    return frame


def _line(canvas: Canvas, frame: Frame, column: Floats, css: str) -> None:
    """Add the column, broken where it is unknown."""
    steps, pen_down = [], False
    for bar, value in enumerate(column.tolist()):
        if value != value or abs(value) == float("inf"):
            pen_down = False
            continue
        steps.append(f"{'L' if pen_down else 'M'}{frame.x(bar):.1f} {frame.y(value):.1f}")
        pen_down = True
    canvas.path("".join(steps), css)
