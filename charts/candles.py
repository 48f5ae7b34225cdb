"""Candles: hollow where the close is not below the open, filled where it is."""

from analysis import Bars
from charts.canvas import Canvas, Frame


def draw(canvas: Canvas, frame: Frame, bars: Bars) -> None:
    """Add the bars as two shapes, one of the rising and one of the falling ones."""
    half = max(0.5, frame.step * 0.32)
    wicks: dict[bool, list[str]] = {True: [], False: []}
    bodies: dict[bool, list[str]] = {True: [], False: []}
    rows = zip(bars.open.tolist(), bars.high.tolist(), bars.low.tolist(), bars.close.tolist(), strict=True)
    for bar, (opened, high, low, closed) in enumerate(rows):
        rises = closed >= opened
        x = frame.x(bar)
        top, bottom = frame.y(max(opened, closed)), frame.y(min(opened, closed))
        bottom = max(bottom, top + 0.6)
        wicks[rises].append(f"M{x:.1f} {frame.y(high):.1f}V{top:.1f}M{x:.1f} {bottom:.1f}V{frame.y(low):.1f}")
        bodies[rises].append(f"M{x - half:.1f} {top:.1f}h{2 * half:.1f}v{bottom - top:.1f}h{-2 * half:.1f}Z")
    for rises, name in ((True, "up"), (False, "down")):
        canvas.path("".join(wicks[rises]), name)
        canvas.path("".join(bodies[rises]), f"body-{name}")
