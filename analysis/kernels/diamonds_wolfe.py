"""Diamonds and Wolfe waves among pivots that alternate, known at a close beyond a line through two of them.

`found` rows are: the confirming bar, the side of the close, the place of the first and of the last pivot, and 1 for
what comes after a rise, −1 after a fall; `prices` rows the ATR, the score, and the prices that the docstring names.
"""

import numpy as np

from analysis.arrays import Floats, Ints

DIAMOND_POINTS, WOLFE_POINTS = 6, 5
LONGEST = 150  # bars


def diamonds(
    close: Floats,
    atr: Floats,
    bars: Ints,
    known: Ints,
    kinds: Ints,
    pivots: Floats,
    least: float,
    step: float,
    beyond: float,
    wait: float,
) -> tuple[Ints, Floats]:
    """Return diamonds: three highs of which the middle one is highest, three lows of which the middle one is lowest.

    Extremes go beyond each other by `step` ATR or more. Prices: the highest and the lowest point, and the upper and the
    lower line, through the last two points of each kind, at the confirming bar.
    """
    found, prices = np.empty((len(bars), 5), np.int64), np.empty((len(bars), 6))
    total = 0
    for place in range(DIAMOND_POINTS + 1, len(bars)):
        first, unit = place - DIAMOND_POINTS + 1, atr[bars[place]]
        width = bars[place] - bars[first]
        if not unit > 0.0 or width > LONGEST:
            continue
        # The last three of the last point's kind, and the three of the other.
        a1, a2, a3 = pivots[place - 4], pivots[place - 2], pivots[place]
        b1, b2, b3 = pivots[place - 5], pivots[place - 3], pivots[place - 1]
        side = kinds[place]
        room = min(side * (a2 - a1), side * (a2 - a3), side * (b1 - b2), side * (b3 - b2))
        top, bottom = max(a2, b2), min(a2, b2)
        if room < step * unit or top - bottom < least * unit:
            continue
        # Where it came from: the last pivots of both kinds before it.
        low_before, high_before = pivots[first - 1], pivots[first - 2]
        if kinds[first - 1] > 0:
            low_before, high_before = high_before, low_before
        rose, fell = low_before < bottom, high_before > top
        if rose == fell:
            continue
        a_slope = (a3 - a2) / (bars[place] - bars[place - 2])
        b_slope = (b3 - b2) / (bars[place - 1] - bars[place - 3])
        for bar in range(known[place], min(len(close), bars[place] + int(wait * width) + 1)):
            a_line, b_line = a3 + a_slope * (bar - bars[place]), b3 + b_slope * (bar - bars[place - 1])
            upper, lower = (a_line, b_line) if side > 0 else (b_line, a_line)
            if upper <= lower:
                break  # behind the apex the lines say nothing
            way = 1 if close[bar] >= upper + beyond * unit else -1 if close[bar] <= lower - beyond * unit else 0
            if way != 0:
                found[total, 0], found[total, 1], found[total, 2], found[total, 3] = bar, way, first, place
                found[total, 4] = 1 if rose else -1
                prices[total, 0], prices[total, 1] = unit, 1.0 - 0.5 * unit * step / room
                prices[total, 2], prices[total, 3] = top, bottom
                prices[total, 4], prices[total, 5] = upper, lower
                total += 1
                break
    return found[:total], prices[:total]


def wolfe_waves(
    high: Floats,
    low: Floats,
    close: Floats,
    atr: Floats,
    bars: Ints,
    known: Ints,
    kinds: Ints,
    pivots: Floats,
    least: float,
    uneven: float,
    wait: float,
) -> tuple[Ints, Floats]:
    """Return Wolfe waves: 3 beyond 1, 4 between 1 and 2, lines 1–3 and 2–4 that meet ahead, and 5 beyond line 1–3.

    No leg takes more than `uneven` times the bars of another, nor does 1–2 go so much further than 3–4, or less far.
    Known at the first close back inside line 1–3, without a price beyond 5. Prices: line 1–3 at that bar, and line 1–4
    where lines 1–3 and 2–4 meet, but no later than the width of the wave after its fifth point.
    """
    found, prices = np.empty((len(bars), 5), np.int64), np.empty((len(bars), 4))
    total = 0
    for place in range(WOLFE_POINTS - 1, len(bars)):
        first, unit, side = place - WOLFE_POINTS + 1, atr[bars[place]], -kinds[place]
        width = bars[place] - bars[first]
        if not unit > 0.0 or width > LONGEST:
            continue
        p1, p2, p3, p4, p5 = pivots[first : place + 1] * side
        t1, t2, t3, t4, t5 = bars[first : place + 1]
        slope13, slope24 = (p3 - p1) / (t3 - t1), (p4 - p2) / (t4 - t2)
        if p3 >= p1 or not p1 < p4 < p2 or slope13 <= slope24 or max(p2, p4) - min(p3, p5) < least * unit:
            continue
        longest, shortest = max(t2 - t1, t3 - t2, t4 - t3, t5 - t4), min(t2 - t1, t3 - t2, t4 - t3, t5 - t4)
        is_uneven = longest > uneven * shortest or max(p2 - p1, p4 - p3) > uneven * min(p2 - p1, p4 - p3)
        outside = p1 + slope13 * (t5 - t1) - p5
        if outside < 0.0 or is_uneven:
            continue
        # p1 + slope13 (t − t1) = p2 + slope24 (t − t2)
        apex = (p2 - p1 + slope13 * t1 - slope24 * t2) / (slope13 - slope24)
        if apex <= t5:
            continue
        for bar in range(t5 + 1, min(len(close), t5 + int(wait * width) + 1)):
            if (low[bar] if side > 0 else -high[bar]) < p5:
                break
            line = p1 + slope13 * (bar - t1)
            if bar >= known[place] and side * close[bar] > line:
                arrival = p1 + (p4 - p1) / (t4 - t1) * (min(apex, t5 + width) - t1)
                found[total, 0], found[total, 1], found[total, 2], found[total, 3] = bar, side, first, place
                found[total, 4] = -side
                prices[total, 0], prices[total, 1] = unit, 1.0 / (1.0 + outside / (p2 - p1))
                prices[total, 2], prices[total, 3] = side * line, side * arrival
                total += 1
                break
    return found[:total], prices[:total]
