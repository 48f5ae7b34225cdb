"""Wyckoff's events in a range, read bar by bar: told for an accumulation, a distribution is the prices turned over.

`found` rows are: the event, the bar it is known at, the side, and the bars of climax, rally, strength, of the event
itself, and on which the rally is known to be over (−1: none yet); `prices` rows the ATR, the range's lower and upper
price, and how much of the sequence there was.
"""

import numpy as np

from analysis.arrays import Floats, Ints

SC, AR, ST, SPRING, SOS, LPS = 0, 1, 2, 3, 4, 5
BACK_INSIDE = 3  # bars that a spring has to come back in
RALLY_BARS = 40  # bars within which the automatic rally is over
REACTION_BARS = 40  # bars after a sign of strength within which its reaction is over
OFF_THE_LOW = 0.4  # of its range, that a climax closes above its low
TURNED = 1.5  # ATR that price comes back by before the rally is over
NEAR = 1.0  # ATR above the climax within which it is tested, and below it that a spring may go
QUIET = 0.7  # of the climax's volume, that a test has at most
WIDE = 1.0  # ATR that a sign of strength spans, on the mean volume or more
DEEP = 1.0  # ATR that a reaction goes back by


def wyckoff_events(
    high: Floats,
    low: Floats,
    close: Floats,
    volume: Floats,
    atr: Floats,
    usual: Floats,
    side: int,
    wide: float,
    heavy: float,
    extreme: int,
    rally: float,
    life: int,
) -> tuple[Ints, Floats]:
    """Return the events of one side. Prices are as they are for side 1, for side −1 negative with high and low changed.

    A climax spans `wide` ATR or more on `heavy` times the mean volume, and no bar of the `extreme` before is as low.
    `atr` and `usual` (the mean volume) are of the bars before each. A rally rises by `rally` ATR. A range is watched
    for `life` bars; closing a NEAR of an ATR below it, or staying below, ends it.
    """
    count = len(close)
    found, prices = np.full((count, 8), -1, np.int64), np.empty((count, 4))
    total = 0
    begin = top_at = strength = broke = peak = rallied = -1
    bottom = top = unit = sold = spread = 0.0
    is_known = is_tested = is_sprung = is_over = False
    for bar in range(extreme, count):
        code, own = -1, bar
        range_ = high[bar] - low[bar]
        is_lowest = range_ > 0.0 and range_ >= wide * atr[bar] and volume[bar] >= heavy * usual[bar]
        if is_lowest:
            for earlier in range(bar - extreme, bar):
                if low[earlier] <= low[bar]:
                    is_lowest = False
                    break
        if is_lowest and close[bar] >= low[bar] + OFF_THE_LOW * range_:
            begin, bottom, sold, spread, unit = bar, low[bar], volume[bar], range_, atr[bar]
            top_at = strength = broke = peak = -1
            is_known = is_tested = is_sprung = is_over = False
            code = SC
        elif begin >= 0 and bar - begin > life:
            begin = -1
        elif begin >= 0 and not is_known:
            if low[bar] < bottom or bar - begin > RALLY_BARS:
                begin = -1
            elif top_at < 0 or high[bar] > high[top_at]:
                top_at = bar
            elif high[top_at] - low[bar] >= TURNED * unit and high[top_at] - bottom >= rally * unit:
                is_known, top, code, own, rallied = True, high[top_at], AR, top_at, bar
        elif begin >= 0 and strength < 0:
            if broke < 0 and low[bar] < bottom:
                broke = bar
            if broke >= 0:
                for since in range(broke, bar + 1):
                    if low[since] < low[own] or since == broke:
                        own = since
                if low[bar] < bottom - NEAR * unit or bar - broke > BACK_INSIDE:
                    begin = -1
                elif close[bar] > bottom:
                    if not is_sprung and volume[broke] < sold:
                        is_sprung, code = True, SPRING
                    broke = -1
            elif not is_tested and low[bar] <= bottom + NEAR * unit:
                if volume[bar] <= QUIET * sold and range_ < spread:
                    is_tested, code = True, ST
            elif close[bar] > max(top, close[bar - 1]) and range_ >= WIDE * atr[bar] and volume[bar] >= usual[bar]:
                strength, peak, code = bar, bar, SOS
        elif begin >= 0 and not is_over:
            if close[bar] < (top + bottom) / 2.0 or bar - strength > REACTION_BARS:
                begin = -1
            elif high[bar] > high[peak]:
                peak = bar
            else:
                lowest, heard = peak + 1, 0.0
                for since in range(peak + 1, bar + 1):
                    if low[since] < low[lowest]:
                        lowest = since
                for since in range(peak + 1, lowest + 1):
                    heard += volume[since]
                is_deep = high[peak] - low[lowest] >= DEEP * unit and heard < volume[strength] * (lowest - peak)
                if is_deep and lowest < bar and close[bar] > high[lowest]:
                    is_over, code, own = True, LPS, lowest
        if code >= 0:
            found[total, 0], found[total, 1], found[total, 2] = code, bar, side
            found[total, 3], found[total, 4] = begin, top_at if is_known else -1
            found[total, 5], found[total, 6], found[total, 7] = strength, own, rallied if is_known else -1
            part = 0.3 + 0.1 * is_known + 0.2 * (is_tested or is_sprung) + 0.2 * (strength >= 0) + 0.2 * is_over
            prices[total, 0], prices[total, 1], prices[total, 2], prices[total, 3] = unit, bottom, top, part
            total += 1
    return found[:total], prices[:total]
