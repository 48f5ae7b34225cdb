"""A pause in a move: flags and pennants after a pole, and the cup with its handle."""

import numpy as np

from analysis.arrays import Floats, Ints

FLAG, PENNANT, CUP = 0, 1, 2


def flags_pennants(
    high: Floats,
    low: Floats,
    close: Floats,
    atr: Floats,
    bars: Ints,
    known: Ints,
    kinds: Ints,
    least: float,
    steepest: int,
    shortest: int,
    longest: int,
    retraced: float,
    still: float,
    beyond: float,
) -> tuple[Ints, Floats]:
    """Return flags and pennants: what, confirming bar, side, place of the pole's end, bar of its start; and prices.

    The body's lines are least-squares lines through its highs and its lows. The first close beyond the body in the
    pole's direction decides what the body is.
    """
    found, prices = np.full((len(bars), 5), -1, np.int64), np.empty((len(bars), 8))
    total = 0
    for place in range(len(bars)):
        end, side = bars[place], kinds[place]
        unit = atr[end]
        if not unit > 0.0:
            continue
        start = end
        for bar in range(max(0, end - steepest), end):
            if (side > 0 and low[bar] < low[start]) or (side < 0 and high[bar] > high[start]):
                start = bar
        tip = high[end] if side > 0 else -low[end]
        foot = low[start] if side > 0 else -high[start]
        height = tip - foot
        if start == end or height < least * unit:
            continue
        n = sx = sxx = su = sxu = sl = sxl = 0.0
        deepest = tip
        for bar in range(end + 1, min(len(close), end + longest + 2)):
            value = side * close[bar]
            if n >= shortest and bar >= known[place]:
                spread = n * sxx - sx * sx
                rise, lift = (n * sxu - sx * su) / spread, (n * sxl - sx * sl) / spread
                top0, bottom0 = (su - rise * sx) / n, (sl - lift * sx) / n
                step = bar - end
                top, bottom = top0 + rise * step, bottom0 + lift * step
                if value >= top + beyond * unit:
                    change, lower_change = rise * n / unit, lift * n / unit
                    code = -1
                    if abs(change - lower_change) <= still and change <= still:
                        code = FLAG
                    elif lower_change - change > still and change <= still / 2 and lower_change >= -still / 2:
                        code = PENNANT
                    if code >= 0:
                        found[total, 0], found[total, 1], found[total, 2] = code, bar, side
                        found[total, 3], found[total, 4] = place, start
                        prices[total, 0] = unit
                        prices[total, 1] = 1.0 - 0.5 * (tip - deepest) / (retraced * height)
                        prices[total, 2], prices[total, 3] = side * top0, side * bottom0
                        prices[total, 4], prices[total, 5] = side * top, side * bottom
                        prices[total, 6], prices[total, 7] = height, side * deepest
                        total += 1
                    break
            above, below = (high[bar], low[bar]) if side > 0 else (-low[bar], -high[bar])
            deepest = min(deepest, below)
            if tip - deepest > retraced * height or above > tip + beyond * unit:
                break
            x = float(bar - end)
            n, sx, sxx = n + 1.0, sx + x, sxx + x * x
            su, sxu, sl, sxl = su + above, sxu + x * above, sl + below, sxl + x * below
    return found[:total], prices[:total]


def cup_and_handle(
    low: Floats,
    close: Floats,
    atr: Floats,
    bars: Ints,
    known: Ints,
    kinds: Ints,
    pivots: Floats,
    shortest: int,
    longest: int,
    shallowest: float,
    deepest: float,
    level: float,
    handle: float,
    wait: float,
) -> tuple[Ints, Floats]:
    """Return cups with handles: what, confirming bar, 1, the places of left rim, bottom and right rim, handle's bar.

    Of all left rims the one whose cup is confirmed first: a rim that is confirmed later never takes its place.
    """
    found, prices = np.full((len(bars), 7), -1, np.int64), np.empty((len(bars), 4))
    total = 0
    for place in range(2, len(bars)):
        if kinds[place] < 0:
            continue
        unit, right = atr[bars[place]], pivots[place]
        bottom = place - 1
        first = len(close)
        for other in range(place - 1, -1, -1):
            width = bars[place] - bars[other]
            if width > longest or not unit > 0.0:
                break
            if kinds[other] < 0:
                if pivots[other] < pivots[bottom]:
                    bottom = other
                continue
            if pivots[other] > right + level * unit:
                break
            left, depth = pivots[other], (pivots[other] + right) / 2.0 - pivots[bottom]
            from_left = (bars[bottom] - bars[other]) / width
            if (
                width < shortest
                or left < right - level * unit
                or not shallowest * unit <= depth <= deepest * unit
                or not 1.0 / 3.0 <= from_left <= 2.0 / 3.0
            ):
                continue
            # Round: what lies in the lowest third of the depth takes a good part of the width, about its middle.
            count = where = 0.0
            for bar in range(bars[other], bars[place] + 1):
                if low[bar] <= pivots[bottom] + depth / 3.0:
                    count, where = count + 1.0, where + (bar - bars[other]) / width
            if count < 0.2 * width or not 1.0 / 3.0 <= where / count <= 2.0 / 3.0:
                continue
            rim, sunk = max(left, right), bars[place]
            for bar in range(bars[place] + 1, min(first, known[place] + int(wait * width))):
                if low[bar] < low[sunk] or sunk == bars[place]:
                    sunk = bar
                if right - low[sunk] > handle * depth:
                    break
                if close[bar] > rim:
                    if bar >= known[place]:
                        first = bar
                        found[total, 0], found[total, 1], found[total, 2] = CUP, bar, 1
                        found[total, 3], found[total, 4], found[total, 5], found[total, 6] = other, bottom, place, sunk
                        prices[total, 0], prices[total, 1] = unit, 1.0 - 0.5 * abs(left - right) / (level * unit)
                        prices[total, 2], prices[total, 3] = rim, depth
                    break
        if first < len(close):
            total += 1
    return found[:total], prices[:total]
