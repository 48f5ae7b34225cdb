"""Five views of a market from columns of the catalogue, and what they come to together."""

import numpy as np

from analysis.arrays import Floats, Ints

STILL = 1e-9  # of the price: a difference below it is none
STRONG = 20.0  # ADX from which a direction counts
NARROW, WIDE = 0.75, 1.25  # ATR over its mean


def five_dimensions(
    close: Floats,
    averages: tuple[Floats, Floats],
    directions: tuple[Floats, Floats, Floats],
    momenta: tuple[Floats, Floats],
    cycle: Floats,
    ranges: tuple[Floats, Floats],
    before: tuple[Floats, Floats, Floats],
    which: Ints,
    first: int,
) -> Floats:
    """Return rows of trend, momentum, volatility, cycle, levels, their decision, and how many agree with it.

    Written for numba. Averages are the fast and the slow one, directions the two indicators and their index, momenta
    RSI and the MACD's histogram, ranges the ATR and its mean; `before` is the high, low and close of the period before
    and `which` each bar's period. NaN before the bar `first`.
    """
    count = len(close)
    rows = np.empty((7, count))
    rows[:, : min(count, first)] = np.nan
    (fast, slow), (plus, minus, index), (strength, histogram) = averages, directions, momenta
    (atr, usual), (top, bottom, end) = ranges, before
    moved = False
    for at in range(count):
        moved = moved or close[at] != close[0]
        if at < first:
            continue
        price, still = close[at], STILL * abs(close[at])
        directed = _sign(plus[at] - minus[at], STILL) if index[at] > STRONG else 0.0
        trend = (_sign(price - fast[at], still) + _sign(fast[at] - slow[at], still) + directed) / 3.0
        change = (price / close[at - 10] - 1.0) * 100.0
        momentum = _sign(strength[at] - 50.0, STILL) + _sign(histogram[at], still) + _sign(change, STILL)
        momentum /= 3.0
        wide, narrow = atr[at] > WIDE * usual[at], atr[at] < NARROW * usual[at]
        turning = _sign(cycle[at] - 50.0, STILL) if moved else 0.0
        high, low = top[which[at]], bottom[which[at]]
        pivot = (high + low + end[which[at]]) / 3.0
        level = 0.5 * _sign(price - pivot, still)
        level = 1.0 if price > 2.0 * pivot - low else -1.0 if price < 2.0 * pivot - high else level
        decision = (trend + momentum + turning + level) / 4.0
        side = _sign(decision, STILL)
        agree = 0.0
        for view in (trend, momentum, turning, level):
            agree += 0.25 if side != 0.0 and _sign(view, STILL) == side else 0.0
        rows[0, at], rows[1, at], rows[2, at] = trend, momentum, 1.0 if wide else -1.0 if narrow else 0.0
        rows[3, at], rows[4, at], rows[5, at], rows[6, at] = turning, level, decision, agree
    return rows


def _sign(value: float, still: float) -> float:
    """Return 1, −1 or, for what is no more than `still` or unknown, 0."""
    return 1.0 if value > still else -1.0 if value < -still else 0.0
