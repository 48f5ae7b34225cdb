"""The bands of QQE, which follow a line and never move away from it while it stays between them."""

import numpy as np

from analysis.arrays import Floats

STILL = 1e-9  # points; averages of what no longer moves leave less than that


def trailing_line(line: Floats, width: Floats) -> tuple[Floats, Floats]:
    """Return the band that trails the line, and the direction of its trend; NaN before both are known.

    Written for numba. A band is begun again a width off the line on every bar on which the line is, or was a bar ago,
    beyond it. Both begin a width off the line, with an upward trend.
    """
    count, known = len(line), 0
    trailing, direction = np.full(count, np.nan), np.full(count, np.nan)
    while known < count and (np.isnan(line[known]) or np.isnan(width[known])):
        known += 1
    upper, lower, is_up = np.inf, -np.inf, True
    for at in range(known, count):
        now, before = line[at], line[at - 1] if at > known else line[at]
        is_up = True if now > upper + STILL else False if now < lower - STILL else is_up
        above, below = now + width[at], now - width[at]
        upper = min(upper, above) if before < upper and now < upper else above
        lower = max(lower, below) if before > lower and now > lower else below
        trailing[at] = lower if is_up else upper
        direction[at] = 1.0 if is_up else -1.0
    return trailing, direction
