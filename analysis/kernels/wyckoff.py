"""Wyckoff's phases, read bar by bar: a climax, the range it begins, its tests, and the break out of it.

Everything is told for an accumulation; a distribution is the same with the prices turned over (`side` −1).
"""

import numpy as np

from analysis.arrays import Floats, Ints

ACCUMULATION, MARKUP, DISTRIBUTION, MARKDOWN = 1.0, 2.0, 3.0, 4.0
SC, AR, ST, SPRING, SOS, LPS = 1, 2, 3, 4, 5, 6
WAIT = 20  # bars in which the automatic reaction ends
EXTREME = 60  # bars that a climax is the extreme of
LIFE = 250  # bars that a range is watched for
BACK_INSIDE = 3  # bars that a spring has to come back in


def events(
    open: Floats,
    high: Floats,
    low: Floats,
    close: Floats,
    volume: Floats,
    atr: Floats,
    score: Floats,
    usual: Floats,
    side: int,
) -> tuple[Floats, Floats]:
    """Return on each bar the event that became known (0: none) and the confidence in the range so far.

    Prices are as they are for side 1 and times −1 for side −1, highs and lows changed over. `score` is the volume's
    distance from its mean in deviations, `usual` that mean, `atr` the average range before the bar.
    """
    count = len(close)
    found, confidence = np.zeros(count), np.zeros(count)
    begin = -1
    bottom = top = sold = 0.0
    seen = np.zeros(7)
    broke = -1
    for bar in range(1, count):
        range_ = high[bar] - low[bar]
        lowest = True
        if bar >= EXTREME:
            for earlier in range(bar - EXTREME, bar):
                if low[earlier] < low[bar]:
                    lowest = False
                    break
        else:
            lowest = False
        falls = close[bar] < open[bar] and range_ >= 2.0 * atr[bar] and score[bar] >= 2.0
        if lowest and falls and close[bar] >= high[bar] - 0.6 * range_:
            begin, bottom, sold, broke = bar, low[bar], volume[bar], -1
            top = -np.inf
            seen[:] = 0.0
            seen[SC] = 1.0
            found[bar] = SC
        elif begin >= 0 and bar - begin > LIFE:
            begin = -1
        elif begin >= 0 and bar <= begin + WAIT:
            top = max(top, high[bar])
            if bar == begin + WAIT:
                seen[AR] = 1.0
                found[bar] = AR
        elif begin >= 0:
            if seen[SOS] == 0.0:
                if broke < 0 and low[bar] < bottom:
                    broke = bar
                if broke >= 0:
                    # Below the range: a spring if it was shallow, quiet and short, the end of the range if not.
                    if low[bar] < bottom - atr[bar] or bar - broke > BACK_INSIDE:
                        begin = -1
                    elif close[bar] > bottom and volume[broke] < sold:
                        seen[SPRING], found[bar], broke = 1.0, SPRING, -1
                    elif close[bar] > bottom:
                        broke = -1
                elif low[bar] <= bottom + 0.5 * atr[bar] and volume[bar] < 0.7 * sold and seen[ST] == 0.0:
                    seen[ST], found[bar] = 1.0, ST
                elif close[bar] - open[bar] >= 1.5 * atr[bar] and score[bar] >= 1.0 and close[bar] > top:
                    seen[SOS], found[bar] = 1.0, SOS
            elif close[bar] < bottom:
                begin = -1
            elif seen[LPS] == 0.0 and low[bar] < low[bar - 1] and volume[bar] < usual[bar]:
                is_high = low[bar] > (top + bottom) / 2.0
                seen[LPS], found[bar] = (1.0, LPS) if is_high else (0.0, 0.0)
        if begin >= 0:
            total = 0.3 + 0.1 * seen[AR] + 0.2 * max(seen[ST], seen[SPRING]) + 0.2 * seen[SOS]
            confidence[bar] = total + 0.2 * seen[LPS]
            if seen[SOS] > 0.0:
                confidence[bar] = -confidence[bar]  # out of the range: the sign tells which phase it is
    return found, confidence


def read(risen: Floats, rise: Floats, fallen: Floats, fall: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the phase that there is more confidence in, that confidence, and the event: the top's below zero.

    Given are the events and confidences of an accumulation and of a distribution.
    """
    phase, confidence, event = np.zeros(len(rise)), np.empty(len(rise)), np.empty(len(rise))
    for at in range(len(rise)):
        up, down = abs(rise[at]), abs(fall[at])
        if up > 0.0:
            phase[at] = ACCUMULATION if rise[at] > 0.0 else MARKUP
        if down > up:
            phase[at] = DISTRIBUTION if fall[at] > 0.0 else MARKDOWN
        confidence[at] = max(up, down)
        event[at] = risen[at] if risen[at] > 0.0 else -fallen[at]
    return phase, confidence, event


def dow(known: Ints, prices: Floats, kinds: Ints, count: int) -> Floats:
    """Return 1 where the last two known highs and lows rise, −1 where they fall, else 0; NaN before there are two."""
    found = np.full(count, np.nan)
    last_high = last_low = old_high = old_low = np.nan
    place = 0
    for bar in range(count):
        while place < len(known) and known[place] <= bar:
            if kinds[place] > 0:
                old_high, last_high = last_high, prices[place]
            else:
                old_low, last_low = last_low, prices[place]
            place += 1
        if not (np.isnan(old_high) or np.isnan(old_low)):
            if last_high > old_high and last_low > old_low:
                found[bar] = 1.0
            elif last_high < old_high and last_low < old_low:
                found[bar] = -1.0
            else:
                found[bar] = 0.0
    return found
