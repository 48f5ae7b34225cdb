"""At which prices the volume of the last n bars was traded."""

from math import frexp

import numpy as np

from analysis.arrays import Floats

BITS = 38  # of the largest volume; sums of 32,000 such parts are still exact


def value_areas(
    high: Floats,
    low: Floats,
    volume: Floats,
    tops: Floats,
    bottoms: Floats,
    largest: Floats,
    period: int,
    bins: int,
    share: float,
) -> Floats:
    """Return for each bar the point of control and the value area's high and low; NaN where nothing was traded.

    `tops`, `bottoms` and `largest` are the highest high, lowest low and largest volume of each bar's period. Written
    for numba. A bar's volume is counted in whole parts of the period's largest, so that sums are exact: where the range
    is what it was a bar ago, the oldest bar is taken off the rows and the newest added, with nothing left over.
    """
    count = len(high)
    lines = np.full((3, count), np.nan)
    rows = np.zeros(bins + 4)  # those beyond the last stay empty
    density = volume / (high - low)  # of a bar without range it is not asked
    last_bottom, last_height, last_scale = np.nan, np.nan, np.nan
    for end in range(period - 1, count):
        begin = end - period + 1
        bottom = bottoms[end]
        height = (tops[end] - bottom) / bins
        if not largest[end] > 0.0:
            last_bottom = np.nan
            continue
        if height <= 0.0:
            lines[:, end] = bottom
            last_bottom = np.nan
            continue
        scale, per_height = 2.0 ** (BITS - frexp(largest[end])[1]), 1.0 / height
        if bottom == last_bottom and height == last_height and scale == last_scale:
            for at, times in ((begin - 1, -scale), (end, scale)):
                lower, upper = (low[at] - bottom) * per_height, (high[at] - bottom) * per_height
                _spread(rows, lower, upper, volume[at] * times, density[at] * height * times, bins)
        else:
            rows[:] = 0.0
            for at in range(begin, end + 1):
                lower, upper = (low[at] - bottom) * per_height, (high[at] - bottom) * per_height
                _spread(rows, lower, upper, volume[at] * scale, density[at] * height * scale, bins)
        last_bottom, last_height, last_scale = bottom, height, scale
        least, control, most = _area(rows, bins, share)
        lines[0, end] = bottom + (control + 0.5) * height
        lines[1, end] = bottom + (most + 1) * height
        lines[2, end] = bottom + least * height
    return lines


def _spread(rows: Floats, lower: float, upper: float, whole: float, each: float, bins: int) -> None:
    """Spread a bar's volume evenly from its low to its high, both counted in rows, in whole parts.

    `whole` is all of it, `each` what a row that it reaches over gets.
    """
    upper = min(upper, float(bins))
    first, last = min(int(lower), bins - 1), min(int(upper), bins - 1)
    if first == last:
        rows[first] += np.rint(whole)
        return
    rows[first] += np.rint((first + 1.0 - lower) * each)
    # Most bars reach over no more than four rows: without a question to ask, that is quick.
    rows[first + 1] += np.rint(max(min(upper - first - 1.0, 1.0), 0.0) * each)
    rows[first + 2] += np.rint(max(min(upper - first - 2.0, 1.0), 0.0) * each)
    rows[first + 3] += np.rint(max(min(upper - first - 3.0, 1.0), 0.0) * each)
    for row in range(first + 4, last + 1):
        rows[row] += np.rint(min(upper - row, 1.0) * each)


def _area(rows: Floats, bins: int, share: float) -> tuple[int, int, int]:
    """Return the lowest row of the value area, the row with most volume, and the highest of the area."""
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
    return least, control, most
