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
    steep: float,
    beyond: float,
) -> tuple[Ints, Floats]:
    """Return flags and pennants: what, confirming bar, side, place of the pole's end, bar of its start; and prices.

    The body lies between two lines, each from the extreme of its first third to that of its last, moved out until they
    hold every bar. A pennant's come together by more than `still` of the body's height, one falling and one rising; a
    flag's do not, and neither falls by more than `steep` of that height, as they do when price only falls from the pole
    and turns. The first close beyond such a body in the pole's direction confirms it; any other close belongs to it.
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
        deepest = tip
        for bar in range(end + 1, min(len(close), end + longest + 2)):
            value = side * close[bar]
            n = bar - end - 1
            if n >= shortest and bar >= known[place]:
                top1 = top2 = -np.inf
                low1 = low2 = np.inf
                for one in range(end + 1, bar):
                    above, below = (high[one], low[one]) if side > 0 else (-low[one], -high[one])
                    if 3 * (one - end) <= n:
                        top1, low1 = max(top1, above), min(low1, below)
                    elif 3 * (one - end) > 2 * n:
                        top2, low2 = max(top2, above), min(low2, below)
                rise, lift = 1.5 * (top2 - top1) / n, 1.5 * (low2 - low1) / n
                top0, bottom0 = -np.inf, np.inf
                for one in range(end + 1, bar):
                    above, below = (high[one], low[one]) if side > 0 else (-low[one], -high[one])
                    top0 = max(top0, above - rise * (one - end))
                    bottom0 = min(bottom0, below - lift * (one - end))
                step = bar - end
                top, bottom = top0 + rise * step, bottom0 + lift * step
                if value >= top + beyond * unit:
                    change, lower_change, flat = rise * n, lift * n, still * (top0 - bottom0)
                    code = -1
                    is_steep = min(change, lower_change) < steep * (bottom0 - top0)
                    if abs(change - lower_change) <= flat and change <= flat and not is_steep:
                        code = FLAG
                    elif lower_change - change > flat and change <= flat / 2.0 and lower_change >= -flat / 2.0:
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
    sunken: float,
    level: float,
    rise: float,
    handle: float,
    wait: float,
) -> tuple[Ints, Floats]:
    """Return cups with handles: what, confirming bar, 1, the places of left rim, bottom and right rim, handle's bar.

    The depth is from `shallowest` to `deepest` ATR and at most `sunken` of the rim's price; price rose to the left rim
    by `rise` of it. Of all left rims the one whose cup is confirmed first: one confirmed later never takes its place.
    """
    found, prices = np.full((len(bars), 7), -1, np.int64), np.empty((len(bars), 4))
    total = 0
    for place in range(2, len(bars)):
        if kinds[place] < 0:
            continue
        unit, right = atr[bars[place]], pivots[place]
        bottom = place - 1
        first = len(close)
        for other in range(place - 1, 0, -1):
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
                or not shallowest * unit <= depth <= min(deepest * unit, sunken * max(left, right))
                or left - pivots[other - 1] < rise * depth
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
