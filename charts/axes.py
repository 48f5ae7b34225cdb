"""The picture's scales: prices at the right, dates below."""

from math import floor, log10

import numpy as np

from analysis.arrays import Times
from charts.canvas import Canvas, Frame

LABELS_ACROSS = 7
DAY_MS = 86_400_000


def prices(canvas: Canvas, frame: Frame, lines: int = 7) -> None:
    """Add horizontal lines at round values with the values beside them."""
    step = _round_step((frame.high - frame.low) / lines)
    digits = max(0, -floor(log10(step))) if step < 1 else 0
    value = np.ceil(frame.low / step) * step
    while value <= frame.high:
        y = frame.y(float(value))
        canvas.line([(frame.left, y), (frame.right, y)], "grid")
        canvas.write(frame.right + 6, y + 4, f"{value:,.{digits}f}", "soft")
        value += step


def times(canvas: Canvas, frame: Frame, times_ms: Times, bottom: float) -> None:
    """Add dates, or times of day where bars are shorter than one, and vertical lines."""
    count = len(times_ms)
    every = max(1, count // LABELS_ACROSS)
    is_daily = count < 2 or int(np.median(np.diff(times_ms))) >= DAY_MS
    for bar in range(every // 2, count, every):
        x = frame.x(bar)
        written = np.datetime_as_string(times_ms[bar].astype("datetime64[ms]"), unit="D" if is_daily else "m")
        canvas.line([(x, frame.top), (x, bottom)], "grid")
        canvas.write(x, bottom + 17, str(written).replace("T", " ")[0 if is_daily else 5 :], "soft middle")


def _round_step(wanted: float) -> float:
    """Return the smallest of 1, 2 or 5 times a power of ten that is not below what is wanted."""
    power = 10.0 ** floor(log10(wanted))
    return next(times * power for times in (1, 2, 5, 10) if times * power >= wanted * 0.999)
