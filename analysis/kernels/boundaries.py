"""Prices between two lines: triangles, wedges, channels and rectangles, known at a close beyond either line.

`found` rows are: what it is, the confirming bar, the side, and the place of the first and of the last point; `prices`
rows are the ATR, the score, and the upper and lower line at the first point's bar and at the confirming bar.
"""

import numpy as np

from analysis.arrays import Floats, Ints

ASCENDING, DESCENDING, SYMMETRICAL, RISING, FALLING, RECTANGLE, CHANNEL_UP, CHANNEL_DOWN = 0, 1, 2, 3, 4, 5, 6, 7


def shape_of(upper: float, lower: float, still: float, parallel: float, together: float) -> int:
    """Return the shape of two lines by how far each of them rises over the width; −1 for none.

    A line is flat that changes by `still` at most, beside a steeper one by a third of that one's change at most. Lines
    that meet come together by `together` at least.
    """
    is_upper_flat, is_lower_flat = abs(upper) <= still, abs(lower) <= still
    if is_upper_flat and is_lower_flat:
        return RECTANGLE
    if abs(upper - lower) <= parallel * max(abs(upper), abs(lower)):
        return CHANNEL_UP if upper + lower > 0.0 else CHANNEL_DOWN
    if lower - upper < together:
        return -1  # they part, or hardly meet
    if is_upper_flat and 3.0 * abs(upper) <= abs(lower):
        return ASCENDING
    if is_lower_flat and 3.0 * abs(lower) <= abs(upper):
        return DESCENDING
    if upper < 0.0 < lower:
        return SYMMETRICAL
    return RISING if upper + lower > 0.0 else FALLING


def fitted(bars: Ints, kinds: Ints, pivots: Floats, first: int, last: int, kind: int) -> tuple[float, float, float]:
    """Return the least-squares line of the points of one kind: where it begins, its slope, and the worst miss."""
    n = sx = sxx = sy = sxy = 0.0
    for one in range(first, last + 1):
        if kinds[one] == kind:
            x, y = float(bars[one] - bars[first]), pivots[one] - pivots[first]
            n, sx, sxx, sy, sxy = n + 1.0, sx + x, sxx + x * x, sy + y, sxy + x * y
    slope = (n * sxy - sx * sy) / (n * sxx - sx * sx)
    level = pivots[first] + (sy - slope * sx) / n
    worst = 0.0
    for one in range(first, last + 1):
        if kinds[one] == kind:
            worst = max(worst, abs(pivots[one] - level - slope * (bars[one] - bars[first])))
    return level, slope, worst


def between_lines(
    close: Floats,
    atr: Floats,
    bars: Ints,
    known: Ints,
    kinds: Ints,
    pivots: Floats,
    touches: int,
    least: float,
    touch: float,
    still: float,
    parallel: float,
    together: float,
    shortest: int,
    longest: int,
    beyond: float,
    wait: float,
    narrowest: float,
) -> tuple[Ints, Floats]:
    """Return the shapes whose last `touches` pivots, alternating, lie on two lines that no close between crosses.

    A close beyond counts as long as the lines are `narrowest` of their first height apart. A line is flat that changes
    by no more than `still` of that height.
    """
    found, prices = np.full((len(bars), 5), -1, np.int64), np.empty((len(bars), 6))
    total = 0
    for place in range(touches - 1, len(bars)):
        first = place - touches + 1
        width = bars[place] - bars[first]
        unit = atr[bars[place]]
        if width < shortest or width > longest or not unit > 0.0:
            continue
        upper, rise, far = fitted(bars, kinds, pivots, first, place, 1)
        lower, lift, other = fitted(bars, kinds, pivots, first, place, -1)
        worst = max(far, other)
        if worst > touch * unit:
            continue
        height = upper - lower
        code = shape_of(rise * width, lift * width, still * height, parallel, together * height)
        if code < 0:
            continue
        if height < least * unit or upper - lower + (rise - lift) * width <= 0.0:
            continue
        inside = True
        for bar in range(bars[first], bars[place] + 1):
            steps = bar - bars[first]
            if close[bar] > upper + rise * steps + beyond * unit or close[bar] < lower + lift * steps - beyond * unit:
                inside = False
                break
        if not inside:
            continue
        until = min(len(close) - 1, bars[place] + int(wait * width))
        for bar in range(known[place], until + 1):
            steps = bar - bars[first]
            top, bottom = upper + rise * steps, lower + lift * steps
            if top - bottom < narrowest * height:
                break
            side = 1 if close[bar] >= top + beyond * unit else -1 if close[bar] <= bottom - beyond * unit else 0
            if side != 0:
                found[total, 0], found[total, 1], found[total, 2] = code, bar, side
                found[total, 3], found[total, 4] = first, place
                prices[total, 0], prices[total, 1] = unit, 1.0 - 0.5 * worst / (touch * unit)
                prices[total, 2], prices[total, 3] = upper, lower
                prices[total, 4], prices[total, 5] = top, bottom
                total += 1
                break
    return found[:total], prices[:total]
