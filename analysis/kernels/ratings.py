"""The votes of averages and oscillators in a rating: 1 for a rise, −1 for a fall, 0 for neither, NaN unknown.

What is apart by less than 1e-9 of its unit is equal: running sums leave such residues where nothing moves. Each loop
is written for numba; in all of them a comparison with NaN is false.
"""

from typing import NamedTuple

import numpy as np

from analysis.arrays import Floats, Ints
from analysis.kernels.jit import fused, jit

# What is left of a running sum is lost in its last digits when it is so much less than the sum has been.
TOWERS = 1e-3

EQUAL = 1e-9
POINT = 100 * EQUAL  # for what runs from 0 to 100
SPANS_AGO = 26
STRONG, CLEAR = 0.5 + 1e-12, 0.1 + 1e-12  # of equal sums the last digit may differ


class Oscillators(NamedTuple):
    """The columns that the oscillators' votes are made of."""

    rsi: Floats
    k: Floats
    d: Floats
    cci: Floats
    adx: Floats
    plus: Floats
    minus: Floats
    awesome: Floats
    momentum: Floats
    macd: Floats
    signal: Floats
    rsi_k: Floats
    rsi_d: Floats
    williams: Floats
    bull: Floats
    bear: Floats
    ultimate: Floats


def oscillator_votes(given: Oscillators, close: Floats, trend: Floats) -> Floats:
    """Return a row of votes for each of the eleven oscillators; a vote on a change needs the bar before.

    `trend` is the average that price is above or below.
    """
    votes = jit[_levels](given, close, trend)
    jit[_turns](given, close, trend, votes)
    return votes


def average_votes(close: Floats, periods: tuple[int, ...], hull: Floats, by_volume: Floats, cloud: Floats) -> Floats:
    """Return rows of votes, for a rise where price is above an average: the mean and the exponential one of each
    period, Hull's and the one weighted by volume; and the cloud's votes in the last.
    """
    return fused[_averages](close, np.array(periods), hull, by_volume, cloud)


def cloud_votes(close: Floats, conversion: Floats, base: Floats, first: Floats, second: Floats) -> Floats:
    """Return the vote of Ichimoku's lines; the spans are those computed 26 bars ago."""
    return jit[_cloud](close, conversion, base, first, second)


def both(averages: Floats, oscillators: Floats) -> tuple[Floats, Floats]:
    """Return the mean of the two groups' ratings, and it as a label from −2, a strong fall, to 2."""
    rating, label = jit[_both](averages, oscillators)
    return rating, label


def tally(votes: Floats) -> tuple[Floats, Floats]:
    """Return the mean of the votes that are known on each bar (0 where none is), and how many there are."""
    return jit[_tally](votes)


def _added(values: Floats, begin: int, end: int) -> float:
    total = 0.0
    for at in range(begin, end):
        total += values[at]
    return total


def _averages(close: Floats, periods: Ints, hull: Floats, by_volume: Floats, cloud: Floats) -> Floats:
    count, rows = len(close), len(periods)
    votes, line = np.empty((2 * rows + 3, count)), np.empty(count)
    for row in range(rows):
        period = periods[row]
        first, share = min(count, period), 1.0 / period
        weight, keeps, total = 2.0 / (period + 1), 1.0 - 2.0 / (period + 1), 0.0
        for at in range(first):
            line[at] = np.nan
            total += close[at]
        average = line[first - 1] = total * share if count >= period else np.nan
        new, old, into = close[first:], close[: count - first], line[first:]
        peak = total
        for at in range(len(into)):
            total += new[at] - old[at]
            peak = total if total > peak else peak
            if total < peak * TOWERS:
                peak = total = _added(close, first + at + 1 - period, first + at + 1)
            into[at] = total * share
        _above(close, line, votes[row])
        for at in range(len(into)):
            average = average * keeps + weight * new[at]
            into[at] = average
        _above(close, line, votes[rows + row])
    _above(close, hull, votes[2 * rows])
    _above(close, by_volume, votes[2 * rows + 1])
    votes[2 * rows + 2] = cloud
    return votes


def _above(close: Floats, average: Floats, votes: Floats) -> None:
    for at in range(len(close)):
        price = EQUAL * close[at]
        votes[at] = _vote(close[at] - average[at] > price, average[at] - close[at] > price, average[at])


def _cloud(close: Floats, conversion: Floats, base: Floats, first: Floats, second: Floats) -> Floats:
    votes = np.full(len(close), np.nan)
    for at in range(SPANS_AGO, len(close)):
        ago, price = at - SPANS_AGO, EQUAL * close[at]
        one, two = close[at] - conversion[at], conversion[at] - base[at]
        three, four = base[at] - first[ago], first[ago] - second[ago]
        # Without asking one after the other: whether they hold is nothing that a processor guesses.
        up = (one > price) & (two > price) & (three > price) & (four > price)
        down = (one < -price) & (two < -price) & (three < -price) & (four < -price)
        votes[at] = _vote(up, down, one + two + three + four)
    return votes


def _tally(votes: Floats) -> tuple[Floats, Floats]:
    rows, count = votes.shape
    means, known = np.zeros(count), np.zeros(count)
    for row in range(rows):
        given = votes[row]
        for at in range(count):
            unknown = np.isnan(given[at])
            means[at] += 0.0 if unknown else given[at]
            known[at] += 0.0 if unknown else 1.0
    for at in range(count):
        means[at] /= max(known[at], 1.0)
    return means, known


def _both(averages: Floats, oscillators: Floats) -> tuple[Floats, Floats]:
    rating, label = np.empty(len(averages)), np.empty(len(averages))
    for at in range(len(rating)):
        one = 0.5 * averages[at] + 0.5 * oscillators[at]
        rating[at] = one
        label[at] = _steps(one) - _steps(-one)
    return rating, label


def _steps(rating: float) -> float:
    return (1.0 if rating > CLEAR else 0.0) + (1.0 if rating > STRONG else 0.0)


def _levels(given: Oscillators, close: Floats, trend: Floats) -> Floats:
    """Return the votes with the rows filled that look at the bar alone; of the others all is unknown."""
    votes = np.full((11, len(close)), np.nan)
    for at in range(len(close)):
        price = EQUAL * close[at]
        is_up, is_down = close[at] - trend[at] > price, trend[at] - close[at] > price
        ahead, strength = given.macd[at] - given.signal[at], given.ultimate[at]
        votes[1, at] = _crossing(given.k[at], given.d[at], True, True, 0.0)
        votes[6, at] = _vote(ahead > price, ahead < -price, ahead)
        votes[7, at] = _crossing(given.rsi_k[at], given.rsi_d[at], is_down, is_up, trend[at])
        votes[10, at] = _vote(strength > 70 + POINT, strength < 30 - POINT, strength)
    return votes


def _turns(given: Oscillators, close: Floats, trend: Floats, votes: Floats) -> None:
    """Fill the rows that look at the change since the bar before."""
    for at in range(1, len(close)):
        price, before = EQUAL * close[at], at - 1
        is_up, is_down = close[at] - trend[at] > price, trend[at] - close[at] > price
        votes[0, at] = _back(given.rsi[at], given.rsi[before], 30 - POINT, 70 + POINT)
        votes[2, at] = _back(given.cci[at], given.cci[before], -100 - POINT, 100 + POINT)
        step = given.adx[at] - given.adx[before]
        strong, leads = step > POINT and given.adx[at] > 20 + POINT, given.plus[at] - given.minus[at]
        votes[3, at] = _vote(strong and leads > POINT, strong and leads < -POINT, step)
        if at > 1:
            earlier, earlier_price = given.awesome[at - 2], EQUAL * close[before]
            votes[4, at] = _saucer(given.awesome[at], given.awesome[before], earlier, price, earlier_price)
        step = given.momentum[at] - given.momentum[before]
        votes[5, at] = _vote(step > price, step < -price, step)
        votes[8, at] = _back(given.williams[at], given.williams[before], -80 - POINT, -20 + POINT)
        rises, falls = given.bear[at] - given.bear[before] > price, given.bull[at] - given.bull[before] < -price
        up, down = is_up and given.bear[at] < -price and rises, is_down and given.bull[at] > price and falls
        votes[9, at] = _vote(up, down, given.bull[at] + given.bull[before] + trend[at])


def _vote(rises: bool, falls: bool, known: float) -> float:
    """Return the vote, or NaN where what it is of is."""
    return np.nan if np.isnan(known) else (1.0 if rises else 0.0) - (1.0 if falls else 0.0)


def _back(now: float, before: float, low: float, high: float) -> float:
    """Return a rise where it turns up from below the low, a fall where it turns down from above the high."""
    step = now - before
    return _vote(step > POINT and now < low, step < -POINT and now > high, step)


def _crossing(k: float, d: float, may_rise: bool, may_fall: bool, known: float) -> float:
    """Return a rise where both are low and k is above d, a fall where both are high and k is below d."""
    up = may_rise and k < 20 - POINT and d < 20 - POINT and k - d > POINT
    down = may_fall and k > 80 + POINT and d > 80 + POINT and k - d < -POINT
    return _vote(up, down, k + d + known)


def _saucer(now: float, before: float, earlier: float, price: float, earlier_price: float) -> float:
    """Return the vote of a cross, or of a saucer: on one side for two bars, and turned towards it again."""
    turned_up = now - before > price and before - earlier < -earlier_price
    turned_down = now - before < -price and before - earlier > earlier_price
    up = now > price and (not before > earlier_price or turned_up)
    down = now < -price and (not before < -earlier_price or turned_down)
    return _vote(up, down, now + before + earlier)
