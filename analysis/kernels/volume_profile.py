"""At which prices the volume of the last so many bars was traded."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def value_areas(
    high: Floats, low: Floats, volume: Floats, tops: Floats, bottoms: Floats, period: int, bins: int, share: float
) -> Floats:
    """Return for each bar the point of control and the value area's high and low; NaN where nothing was traded.

    `tops` and `bottoms` are the highest high and the lowest low of each bar's period, NaN where nothing was traded in
    it. Written for numba: one loop over the bars, each with the rows of its own period.
    """
    count = len(high)
    lines = np.full((3, count), np.nan)
    rows = np.zeros(bins + 4)  # those beyond the last stay empty
    density = volume / (high - low)  # of a bar without range it is not asked
    for end in range(period - 1, count):
        begin = end - period + 1
        bottom = bottoms[end]
        height = (tops[end] - bottom) / bins
        if np.isnan(bottom):
            continue
        if height <= 0.0:
            lines[:, end] = bottom
            continue
        rows[:] = 0.0
        per_height = 1.0 / height
        for at in range(begin, end + 1):
            # Spread evenly from its low to its high, both counted in rows.
            lower, upper = (low[at] - bottom) * per_height, min((high[at] - bottom) * per_height, float(bins))
            first, last = min(int(lower), bins - 1), min(int(upper), bins - 1)
            inside = first == last
            lower, upper = (float(first), first + 1.0) if inside else (lower, upper)
            each = volume[at] if inside else density[at] * height
            # Most bars reach over no more than four rows: without a question to ask, that is quick.
            rows[first] += (min(upper, first + 1.0) - lower) * each
            rows[first + 1] += max(min(upper, first + 2.0) - (first + 1.0), 0.0) * each
            rows[first + 2] += max(min(upper, first + 3.0) - (first + 2.0), 0.0) * each
            rows[first + 3] += max(min(upper, first + 4.0) - (first + 3.0), 0.0) * each
            for row in range(first + 4, last + 1):
                rows[row] += min(upper - row, 1.0) * each
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
            above = rows[most + 1] + rows[most + 2]
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
