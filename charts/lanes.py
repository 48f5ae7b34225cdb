"""Conditions and directions: marks at their bars in a lane under the price."""

import numpy as np

from charts import paths
from charts.canvas import Canvas, Frame
from charts.description import Lane
from charts.labels import cut

NAME_HEIGHT, MARK_HEIGHT = 13.0, 9.0
HEIGHT = NAME_HEIGHT + MARK_HEIGHT + 2


def draw(canvas: Canvas, price: Frame, top: float, lane: Lane) -> None:
    """Add the lane: its name with what it comes to, a mark at every bar, and a faint one where it is unknown."""
    words = cut(f"{lane.name}: {lane.note}", 10, price.width - 12)
    canvas.write(price.left + 6, top + NAME_HEIGHT - 3, words, "text-soft", size=10)
    high = top + NAME_HEIGHT
    width = max(1.0, price.step * 0.72)
    whole = np.full(len(lane.values), high), np.full(len(lane.values), high + MARK_HEIGHT)
    middle = high + MARK_HEIGHT / 2
    canvas.path(f"M{price.left:.1f} {middle:.1f}h{price.width:.1f}", "grid")
    unknown = ~np.isfinite(lane.values)
    thin = np.full(len(lane.values), middle - 1), np.full(len(lane.values), middle + 1)
    for these, css, (upper, lower) in (
        (unknown, "unknown", thin),
        (lane.values > 0, lane.side or "bullish", (whole[0], thin[1] if not lane.side else whole[1])),
        (lane.values < 0, "bearish", (whole[0] if lane.side else thin[0], whole[1])),
    ):
        canvas.path(paths.columns(price.middles[these], width, upper[these], lower[these]), css)
