"""Tops and bottoms among pivots: head and shoulders, broadening, doubles and triples, known at a close beyond.

Bottoms are tops of the mirrored prices. `found` rows are: what it is, the confirming bar, the side, and the places of
the points; `prices` rows are the ATR, the score, and the line that was broken, at its first point and at the end.
"""

import numpy as np

from analysis.arrays import Floats, Ints

HEAD_AND_SHOULDERS, BROADENING, DOUBLE, TRIPLE = 0, 1, 2, 3
POINTS = 7
BACK = 12  # pivots of one kind that a double looks back over


def broken(
    high: Floats,
    low: Floats,
    close: Floats,
    side: int,
    start: int,
    until: int,
    at: int,
    level: float,
    slope: float,
    worst: float,
) -> int:
    """Return the first bar from `start` to `until` whose close is beyond the line, −1 if none or `worst` is passed.

    The line is `level` at bar `at`. For a top (side 1) the close is below it and no high may be above `worst`.
    """
    for bar in range(start, min(until + 1, len(close))):
        extreme = high[bar] if side > 0 else -low[bar]
        if extreme > worst:
            return -1
        if side * close[bar] < level + slope * (bar - at):
            return bar
    return -1


def head_and_shoulders(
    high: Floats,
    low: Floats,
    close: Floats,
    atr: Floats,
    bars: Ints,
    known: Ints,
    kinds: Ints,
    pivots: Floats,
    least: float,
    shoulders: float,
    head: float,
    step: float,
    uneven: float,
    wait: float,
    broadening_wait: float,
) -> tuple[Ints, Floats]:
    """Return heads with their shoulders and broadening tops, of five pivots in a row.

    Of a head and shoulders neither half takes more than `uneven` times as many bars as the other. A wait is how long
    the close beyond the line may come after the last point, in widths of the shape.
    """
    room = 2 * len(bars)
    found, prices = np.full((room, 3 + POINTS), -1, np.int64), np.empty((room, 4))
    total = 0
    for place in range(5, len(bars)):
        side = kinds[place]
        unit = atr[bars[place]]
        e0, e1, e2, e3, e4, e5 = pivots[place - 5 : place + 1] * side
        slope = (e4 - e2) / (bars[place - 1] - bars[place - 3])
        neck = e2 + slope * (bars[place - 2] - bars[place - 3])
        width = bars[place] - bars[place - 4]
        before, after = bars[place - 2] - bars[place - 4], bars[place] - bars[place - 2]
        one = abs(e1 - e5) / 2.0
        other = abs(e2 - e4) / 2.0
        if (
            e3 - max(e1, e5) >= head * unit
            and one <= shoulders * unit
            and other <= shoulders * unit
            and e3 - neck >= least * unit
            and e0 < min(e2, e4)
            and max(before, after) <= uneven * min(before, after)
            and unit > 0.0
        ):
            until = known[place] + int(wait * width)
            code, score, worst = HEAD_AND_SHOULDERS, 1.0 - 0.5 * (one + other) / (shoulders * unit), e3
        elif (
            e3 - e1 >= step * unit
            and e5 - e3 >= step * unit
            and e2 - e4 >= step * unit
            and e5 - e4 >= least * unit
            and e0 < e2
            and unit > 0.0
        ):
            until = known[place] + int(broadening_wait * width)
            code, score, worst = BROADENING, min(1.0, min(e3 - e1, e5 - e3, e2 - e4) / (2.0 * unit)), e5
        else:
            continue
        bar = broken(high, low, close, side, known[place], until, bars[place - 3], e2, slope, worst)
        if bar >= 0:
            found[total, 0], found[total, 1], found[total, 2] = code, bar, -side
            for point in range(5):
                found[total, 3 + point] = place - 4 + point
            prices[total, 0], prices[total, 1] = unit, score
            prices[total, 2], prices[total, 3] = side * e2, side * (e2 + slope * (bar - bars[place - 3]))
            total += 1
    return found[:total], prices[:total]


def double_triple_tops(
    high: Floats,
    low: Floats,
    close: Floats,
    atr: Floats,
    bars: Ints,
    known: Ints,
    kinds: Ints,
    pivots: Floats,
    least: float,
    near: float,
    apart: int,
    longest: int,
    beyond: float,
    wait: float,
) -> tuple[Ints, Floats]:
    """Return double and triple tops: extremes of one height with what lies between them far below.

    The close is `beyond` ATR below the lowest price between them. Where a third top lies before two, the three are one
    triple, and the two no double.
    """
    found, prices = np.full((len(bars), 3 + POINTS), -1, np.int64), np.empty((len(bars), 4))
    total = 0
    for place in range(3, len(bars)):
        side, unit = kinds[place], atr[bars[place]]
        last = side * pivots[place]
        deepest, deepest_at = np.inf, -1
        middle, middle_trough, middle_trough_at = -1, np.inf, -1
        first, first_trough_at, off, line, highest = -1, -1, 0.0, 0.0, last
        for back in range(1, 2 * BACK):
            other = place - back
            if other < 1 or bars[place] - bars[other] > longest or unit <= 0.0:
                break
            price = side * pivots[other]
            if kinds[other] != side:
                if price < deepest:
                    deepest, deepest_at = price, other
                continue
            if price > last + 2.0 * near * unit:
                break  # a higher one between ends the search
            if middle < 0:
                far = abs(price - last) / 2.0
                enough = far <= near * unit and (price + last) / 2.0 - deepest >= least * unit
                if enough and bars[place] - bars[other] > apart:
                    middle, middle_trough, middle_trough_at = other, deepest, deepest_at
                    # A double only if price came from below what lies between.
                    if side * pivots[other - 1] < deepest:
                        first, off, line, highest = other, far, deepest, max(price, last)
                    deepest, deepest_at = np.inf, -1
            elif bars[middle] - bars[other] > apart:
                between = side * pivots[middle]
                mean = (price + between + last) / 3.0
                far = (max(price, last, between) - min(price, last, between)) / 2.0
                lowest = min(deepest, middle_trough)
                is_below = mean - max(deepest, middle_trough) >= least * unit and side * pivots[other - 1] < lowest
                if far <= near * unit and is_below:
                    first, first_trough_at, off, line = other, deepest_at, far, lowest
                    highest = max(price, last, between)
                    break
        if first < 0:
            continue
        until = known[place] + int(wait * (bars[place] - bars[first]))
        worst, level = highest + near * unit, line - beyond * unit
        bar = broken(high, low, close, side, known[place], until, place, level, 0.0, worst)
        if bar < 0:
            continue
        found[total, 1], found[total, 2], found[total, 3] = bar, -side, first
        if first_trough_at < 0:
            found[total, 0], found[total, 4], found[total, 5] = DOUBLE, middle_trough_at, place
        else:
            found[total, 0], found[total, 4], found[total, 5] = TRIPLE, first_trough_at, middle
            found[total, 6], found[total, 7] = middle_trough_at, place
        prices[total, 0], prices[total, 1] = unit, 1.0 - 0.5 * off / (near * unit)
        prices[total, 2], prices[total, 3] = side * line, side * line
        total += 1
    return found[:total], prices[:total]
