"""Candles: hollow where the close is not below the open, else filled; their volume at the foot, the last price."""

import numpy as np

from analysis import Bars
from analysis.arrays import Floats
from charts import axes, ink, paths
from charts.canvas import Canvas, Frame
from charts.labels import width_of

WIDEST = 14.0  # pixels of a candle
VOLUME_SHARE = 0.16  # of the price's height


def draw(canvas: Canvas, frame: Frame, opens: Floats, highs: Floats, lows: Floats, closes: Floats) -> None:
    """Add bars as two shapes, one of the rising and one of the falling ones; what is NaN has none."""
    known = np.isfinite(np.vstack((opens, highs, lows, closes))).all(axis=0)
    opens, highs, lows, closes = (prices[known] for prices in (opens, highs, lows, closes))
    rises = closes >= opens
    x, width = frame.middles[known], min(WIDEST, max(1.0, frame.step * 0.64))
    high, low = frame.ys(highs), frame.ys(lows)
    top, bottom = frame.ys(np.maximum(opens, closes)), frame.ys(np.minimum(opens, closes))
    canvas.labels.ink.rectangles(np.column_stack((x - width / 2, high, x + width / 2, low)), ink.BARS)
    for these, name in ((rises, "up"), (~rises, "down")):
        canvas.path(paths.stems(x[these], high[these], low[these]), name)
        below = np.maximum(bottom[these], top[these] + 0.6)
        canvas.path(paths.columns(x[these], width, top[these], below), f"body-{name}")


def volume(canvas: Canvas, frame: Frame, bars: Bars) -> None:
    """Add the volume at the foot of the frame, where it is known."""
    if bars.volume is None or not np.nanmax(bars.volume, initial=0.0) > 0:
        return
    share = bars.volume / np.nanmax(bars.volume)
    top, foot = frame.bottom - share * frame.height * VOLUME_SHARE, np.full(len(bars), frame.bottom)
    rises = bars.close >= bars.open
    for these, name in ((rises, "up"), (~rises, "down")):
        steps = paths.columns(frame.middles[these], min(WIDEST, max(0.8, frame.step * 0.64)), top[these], foot[these])
        canvas.path(steps, f"volume-{name}")


def last_price(canvas: Canvas, frame: Frame, bars: Bars) -> None:
    """Add a line at the last close with the price beside it."""
    close = float(bars.close[-1])
    y = frame.y(close)
    words = axes.number(close, (frame.high - frame.low) / 400)
    canvas.line([(frame.left, y), (frame.right, y)], "last")
    canvas.box(frame.right + 2, y - 8, min(width_of(words, 11) + 8, canvas.width - frame.right - 4), 16, "tag")
    canvas.write(frame.right + 6, y + 4, words, "text-tag")
