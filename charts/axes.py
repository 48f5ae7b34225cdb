"""The picture's scales: values at the right, dates below."""

from collections.abc import Sequence
from math import ceil, floor, inf, log10, nan

import numpy as np

from analysis.arrays import Times
from charts.canvas import Canvas, Frame

ACROSS = 125.0  # pixels between two dates
TAG = 13.0  # pixels around the last price without another number
DAY_MS = 86_400_000
LARGE = ((1e12, "T"), (1e9, "B"), (1e6, "M"))


def values(
    canvas: Canvas, frame: Frame, lines: int, *, at: Sequence[float] = (), least: float = -inf, beside: float = nan
) -> None:
    """Add horizontal lines at round values, or at those given, with the values beside them.

    None below `least`, and no number where the value `beside` has its own.
    """
    step = round_step((frame.high - frame.low) / lines)
    first = ceil(frame.low / step)
    for value in at or [place * step for place in range(first, first + 2 * lines + 2)]:
        y = frame.y(value)
        if value < least or not frame.has(value):
            continue
        if not at:
            canvas.line([(frame.left, y), (frame.right, y)], "grid")
        if frame.top + 4 <= y <= frame.bottom - 2 and not abs(y - frame.y(beside)) < TAG:
            canvas.write(frame.right + 6, y + 4, f"{value:g}" if at else number(value, step), "text-soft")


def times(canvas: Canvas, frame: Frame, times_ms: Times, bottom: float) -> None:
    """Add dates, or times of day where bars are shorter than one, and vertical lines."""
    count = len(times_ms)
    every = max(1, ceil(count / max(2, frame.width // ACROSS)))
    is_daily = count < 2 or int(np.median(np.diff(times_ms))) >= DAY_MS
    for bar in range(every // 2, count, every):
        x = frame.x(bar)
        written = np.datetime_as_string(times_ms[bar].astype("datetime64[ms]"), unit="D" if is_daily else "m")
        canvas.line([(x, frame.top), (x, bottom)], "grid")
        words = str(written).replace("T", " ")[0 if is_daily else 5 :]
        canvas.write(min(max(x, 36.0), canvas.width - 36), bottom + 15, words, "text-soft", anchor="middle")


def number(value: float, step: float) -> str:
    """Return a value with the digits that tell it from one a step away, large ones in millions and more."""
    for size, letter in LARGE:
        if abs(value) >= size and step >= size / 1e4:
            return f"{number(value / size, step / size)}{letter}"
    if value == round(value) and abs(value) < 1e6 and step < 1:
        return f"{value + 0.0:.0f}"
    if not 1e-6 < step < 1e15:
        return f"{value:.3g}"
    digits = max(0, -floor(log10(step) + 1e-9))
    return f"{value + 0.0:,.{digits}f}"


def round_step(wanted: float) -> float:
    """Return the smallest of 1, 2 or 5 times a power of ten that is not below what is wanted."""
    power = 10.0 ** floor(log10(wanted))
    return next(times * power for times in (1, 2, 5, 10) if times * power >= wanted * 0.999)
