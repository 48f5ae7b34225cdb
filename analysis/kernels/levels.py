"""Levels that price turned at several times: which pivots make one, when it broke, and when it was tried again."""

import numpy as np

from analysis.arrays import Floats, Ints


def levels(
    bars: Ints,
    known: Ints,
    prices: Floats,
    close: Floats,
    atr: Floats,
    side: int,
    tolerance: float,
    touches: int,
    lookback: int,
) -> tuple[Ints, Ints]:
    """Return of each pivot the level that it touches (−1: none), and of each level the pivot that made it one.

    Pivots are of one kind: highs (`side` 1) or lows (−1). `touches` of them within `tolerance` ATR make a level when no
    close between them went `tolerance` ATR beyond it, and none lies more than `lookback` bars before the last.
    """
    count = len(bars)
    owner = np.full(count, -1, np.int64)
    makers = np.empty(count, np.int64)
    found = 0
    mine = np.empty(count, np.int64)
    for last in range(count):
        slack = tolerance * atr[bars[last]]
        limit = side * prices[last] + slack
        bar = known[last]
        near = 0
        held = True
        level = -1
        for place in range(last, -1, -1):
            if bars[last] - bars[place] > lookback:
                break
            while bar > bars[place]:
                if side * close[bar] > limit:
                    held = False
                    break
                bar -= 1
            if not held:
                break
            if abs(prices[place] - prices[last]) <= slack:
                mine[near] = place
                near += 1
                if level < 0:
                    level = owner[place]
        if level < 0 and near >= touches:
            level = found
            makers[found] = last
            found += 1
            for member in range(near):
                owner[mine[member]] = level
        if level >= 0:
            owner[last] = level
    return owner, makers[:found]


def fates(
    bars: Ints,
    known: Ints,
    prices: Floats,
    owner: Ints,
    makers: Ints,
    high: Floats,
    low: Floats,
    close: Floats,
    atr: Floats,
    side: int,
    beyond: float,
    lookback: int,
    patience: int,
) -> Ints:
    """Return of each level the bar of its breakout, that of its retest, and the last bar that it stands (−1: none).

    It breaks with the first close `beyond` ATR past its outermost touch, and lapses `lookback` bars after its last one.
    It is tried again by a bar within `patience` bars of the breakout that comes as near to the touches and closes
    beyond them, unless a close went back through all of them before.
    """
    result = np.full((len(makers), 3), -1, np.int64)
    for level in range(len(makers)):
        maker = makers[level]
        outer, inner = -np.inf, np.inf
        for place in range(maker + 1):
            if owner[place] == level:
                outer, inner = max(outer, side * prices[place]), min(inner, side * prices[place])
        touched = bars[maker]
        following = maker + 1
        bar = known[maker] + 1
        while bar < len(close) and bar - touched <= lookback:
            while following < len(bars) and known[following] <= bar:
                if owner[following] == level:
                    outer, inner = max(outer, side * prices[following]), min(inner, side * prices[following])
                    touched = bars[following]
                following += 1
            if side * close[bar] >= outer + beyond * atr[bar]:
                result[level, 0] = bar
                break
            bar += 1
        result[level, 2] = min(bar, len(close)) - 1
        if result[level, 0] < 0:
            continue
        for later in range(bar + 2, min(len(close), bar + patience + 1)):
            back = side * close[later]
            if back < inner:
                break
            near = side * (low[later] if side > 0 else high[later])
            if near <= outer + beyond * atr[later] and back > outer:
                result[level, 1] = later
                break
    return result
