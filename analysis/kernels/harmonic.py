"""Consecutive pivots held against ratios."""

import numpy as np

from analysis.arrays import Floats, Ints


def matches(
    prices: Floats, bars: Ints, atr: Floats, ends: Floats, tolerances: Floats, least: float
) -> tuple[Ints, Ints, Floats, Floats]:
    """Return which families fit which five pivots (the last one's place), their six ratios and the errors of these.

    The ratios are AB_XA, BC_AB, CD_BC, AD_XA, XC_XA and CD_XC. `ends` has the lowest and the
    highest value of each family's ratios, NaN where any value will do. `least` is the height of XA in ATR: that at A
    or that at D, whichever is smaller, since a long leg to D makes its own ranges larger.
    """
    families = len(ends)
    rows, places = np.empty(families * len(prices), np.int64), np.empty(families * len(prices), np.int64)
    ratios, errors = np.empty((families * len(prices), 6)), np.empty((families * len(prices), 6))
    found = 0
    measured, far = np.empty(6), np.empty(6)
    for place in range(4, len(prices)):
        x, a, b, c, d = prices[place - 4 : place + 1]
        side = 1.0 if a > x else -1.0
        height = (a - x) * side
        if height < least * min(atr[bars[place - 3]], atr[bars[place]]) or height <= 0.0:
            continue
        measured[0] = (a - b) * side / height
        measured[1] = (c - b) / (a - b)
        measured[2] = (c - d) / (c - b)
        measured[3] = (a - d) * side / height
        measured[4] = (c - x) * side / height
        measured[5] = (c - d) / (c - x)
        for family in range(families):
            fits = True
            for one in range(6):
                lowest, highest, ratio = ends[family, one, 0], ends[family, one, 1], measured[one]
                far[one] = 0.0
                if np.isnan(lowest):
                    continue
                tolerance = tolerances[family, one]
                if not (lowest * (1.0 - tolerance) <= ratio <= highest * (1.0 + tolerance)):
                    fits = False
                    break
                far[one] = min(0.0, ratio / lowest - 1.0) if lowest > 0.0 else 0.0
                if ratio > highest:
                    far[one] = ratio / highest - 1.0
            if fits:
                rows[found], places[found] = family, place
                ratios[found], errors[found] = measured, far
                found += 1
    return rows[:found], places[:found], ratios[:found], errors[:found]


def equal_legs(
    prices: Floats, bars: Ints, atr: Floats, ideals: Floats, tolerance: float, slack: float, least: float
) -> tuple[Ints, Floats, Floats]:
    """Return the places of D where CD is about AB times one of `ideals` rows (BC_AB's range and CD_AB), and the ratios.

    The ratios are BC_AB, CD_BC and CD_AB, the errors those of BC_AB and CD_AB.
    """
    places = np.empty(len(prices), np.int64)
    ratios, errors = np.empty((len(prices), 3)), np.empty((len(prices), 2))
    found = 0
    for place in range(3, len(prices)):
        a, b, c, d = prices[place - 3 : place + 1]
        first, between, last = abs(b - a), abs(c - b), abs(d - c)
        if first < least * min(atr[bars[place - 2]], atr[bars[place]]) or first <= 0.0 or between <= 0.0:
            continue
        ac, cd = between / first, last / first
        best = np.inf
        for one in range(len(ideals)):
            lowest, highest, ideal = ideals[one]
            if lowest * (1.0 - slack) <= ac <= highest * (1.0 + slack) and abs(cd / ideal - 1.0) < best:
                best = abs(cd / ideal - 1.0)
                errors[found, 0] = min(0.0, ac / lowest - 1.0) + max(0.0, ac / highest - 1.0)
                errors[found, 1] = cd / ideal - 1.0
        if best <= tolerance:
            places[found] = place
            ratios[found, 0], ratios[found, 1], ratios[found, 2] = ac, last / between, cd
            found += 1
    return places[:found], ratios[:found], errors[:found]


def drives(
    prices: Floats, bars: Ints, atr: Floats, tolerance: float, slack: float, uneven: float, least: float
) -> tuple[Ints, Floats, Floats]:
    """Return the places of the third drive's end, four ratios (correction, drive, correction, drive) and their errors.

    Corrections are 0.618 to 0.786 of the drive before, drives 1.27 or 1.618 of the correction before. Corrections, and
    the second and third drive, take as many bars as each other, or up to `uneven` times as many.
    """
    places = np.empty(len(prices), np.int64)
    ratios, errors = np.empty((len(prices), 4)), np.empty((len(prices), 4))
    found = 0
    for place in range(5, len(prices)):
        first = abs(prices[place - 4] - prices[place - 5])
        if first < least * min(atr[bars[place - 4]], atr[bars[place]]) or first <= 0.0:
            continue
        fits = True
        for leg in range(4):
            start, turn, end = prices[place - 5 + leg], prices[place - 4 + leg], prices[place - 3 + leg]
            ratio = abs(end - turn) / abs(turn - start)
            ratios[found, leg] = ratio
            if leg % 2 == 0:
                error = min(0.0, ratio / 0.618 - 1.0) + max(0.0, ratio / 0.786 - 1.0)
                fits = fits and abs(error) <= slack
            else:
                error = ratio / 1.27 - 1.0
                if abs(ratio / 1.618 - 1.0) < abs(error):
                    error = ratio / 1.618 - 1.0
                fits = fits and abs(error) <= tolerance
            errors[found, leg] = error
        if fits:
            for leg in range(2):
                one = bars[place - 3 + leg] - bars[place - 4 + leg]
                other = bars[place - 1 + leg] - bars[place - 2 + leg]
                fits = fits and max(one, other) <= uneven * max(1, min(one, other))
        if fits:
            places[found] = place
            found += 1
    return places[:found], ratios[:found], errors[:found]
