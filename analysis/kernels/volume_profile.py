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
    rows = np.empty(bins)
    for end in range(period - 1, count):
        begin = end - period + 1
        bottom, top = low[begin], high[begin]
        traded = 0.0
        for at in range(begin, end + 1):
            bottom = min(bottom, low[at])
            top = max(top, high[at])
            traded += volume[at]
        if traded <= 0.0:
            continue
        height = (top - bottom) / bins
        if height <= 0.0:
            lines[:, end] = bottom
            continue
        rows[:] = 0.0
        for at in range(begin, end + 1):
            # Spread evenly from its low to its high, both counted in rows.
            lower, upper = (low[at] - bottom) / height, (high[at] - bottom) / height
            first, last = min(int(lower), bins - 1), min(int(upper), bins - 1)
            if first == last:
                rows[first] += volume[at]
                continue
            each = volume[at] / (upper - lower)
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
            above, below = rows[most + 1 : most + 3].sum(), rows[max(0, least - 2) : least].sum()
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
