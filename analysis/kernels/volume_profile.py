"""At which prices the volume of the last so many bars was traded."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def value_areas(high: Floats, low: Floats, volume: Floats, period: int, bins: int, share: float) -> Floats:
    """Return for each bar the point of control and the value area's high and low; NaN where nothing was traded.

    Written for numba: one loop over the bars, each with the rows of its own period.
    """
    count = len(high)
    lines = np.full((3, count), np.nan)
    rows, begins, ends, shares = np.zeros(bins + 2), np.empty(period), np.empty(period), np.empty(period)
    for end in range(period - 1, count):
        begin = end - period + 1
        lows, highs, volumes = low[begin : end + 1], high[begin : end + 1], volume[begin : end + 1]
        bottom, top = lows.min(), highs.max()
        traded = volumes.sum()
        if traded <= 0.0:
            continue
        height = (top - bottom) / bins
        if height <= 0.0:
            lines[:, end] = bottom
            continue
        for at in range(period):
            # Spread evenly from its low to its high, both counted in rows.
            begins[at], ends[at] = (lows[at] - bottom) / height, (highs[at] - bottom) / height
        for at in range(period):
            span = ends[at] - begins[at]
            shares[at] = volumes[at] / span if span > 0.0 else 0.0
        rows[:] = 0.0
        for at in range(period):
            lower, upper, each = begins[at], ends[at], shares[at]
            first, last = min(int(lower), bins - 1), min(int(upper), bins - 1)
            if first == last:
                rows[first] += volumes[at]
                continue
            rows[first] += (first + 1 - lower) * each
            for row in range(first + 1, last):
                rows[row] += each
            rows[last] += (upper - last) * each
        control = 0
        for row in range(1, bins):
            # Of equal rows the one nearest the middle, and of two as near the lower.
            nearer = abs(2 * row - bins + 1) < abs(2 * control - bins + 1)
            if rows[row] > rows[control] or (rows[row] == rows[control] and nearer):
                control = row
        least, most = control, control
        inside, wanted = rows[control], share * rows.sum()
        while inside < wanted and (least > 0 or most < bins - 1):
            # The two rows above or the two below, whichever hold more; at an end there may be one, or none.
            above = rows[most + 1] + rows[most + 2]  # beyond the last there are two empty ones
            below = (rows[least - 1] if least > 0 else 0.0) + (rows[least - 2] if least > 1 else 0.0)
            if least == 0 or (most < bins - 1 and above >= below):
                most = min(most + 2, bins - 1)
                inside += above
            else:
                least = max(least - 2, 0)
                inside += below
        lines[0, end] = bottom + (control + 0.5) * height
        lines[1, end] = bottom + (most + 1) * height
        lines[2, end] = bottom + least * height
    return lines
