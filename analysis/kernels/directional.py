"""Wilder's directional movement: its two indicators and the average of their index."""

import numpy as np

from analysis.arrays import Floats
from analysis.kernels.jit import fused, jit
from analysis.kernels.run_cache import shared

FADED = 1e-290  # smaller ranges have lost their digits


@shared
def directional_index(high: Floats, low: Floats, close: Floats, period: int) -> Floats:
    """Return Wilder's average of the directional index, in percent; the first 2 × period − 1 values are NaN."""
    return jit[_index](high, low, close, period)


@shared
def plus_minus_di(high: Floats, low: Floats, close: Floats, period: int) -> tuple[Floats, Floats]:
    """Return upward and downward movement as shares of the true range, in percent; the first `period` values are NaN.

    They are zero until something moves, and what they were once the range has faded away (TA-Lib says 0 below 1e-14).
    """
    return fused[_plus_minus_di](high, low, close, period)


def adxr(high: Floats, low: Floats, close: Floats, period: int) -> Floats:
    """Return the mean of the average index now and period − 1 bars ago; NaN until there has been a true range."""
    return jit[_adxr](directional_index(high, low, close, period), high, low, close, period)


def _index(high: Floats, low: Floats, close: Floats, period: int) -> Floats:
    """Return the average of the index. Written for numba.

    Seeded as TA-Lib's: with the sums of the first period − 1 bars, and the mean of the first
    `period` directional indices, of which those of bars without range are 0 then and left out later.
    """
    count, share = len(close), 1.0 / period
    values = np.empty(count)
    values[: min(count, 2 * period - 1)] = np.nan
    reach, plus, minus, total, average = 0.0, 0.0, 0.0, 0.0, 0.0
    for at in range(1, count):
        rise, fall = high[at] - high[at - 1], low[at - 1] - low[at]
        true_range = max(high[at], close[at - 1]) - min(low[at], close[at - 1])
        keeps = 1.0 if at < period else 1.0 - share
        reach = reach * keeps + true_range
        plus = plus * keeps + (rise if rise > fall and rise > 0.0 else 0.0)
        minus = minus * keeps + (fall if fall > rise and fall > 0.0 else 0.0)
        if at < period:
            continue
        moved = plus + minus
        known = reach > FADED and moved > FADED
        index = 100.0 * abs(plus - minus) / moved if known else 0.0
        if at < 2 * period - 1:
            total += index
        elif at == 2 * period - 1:
            average = (total + index) / period
            values[at] = average
        else:
            average = average * (1.0 - share) + index * share if known else average
            values[at] = average
    return values


def _plus_minus_di(high: Floats, low: Floats, close: Floats, period: int) -> tuple[Floats, Floats]:
    """Return both indicators, seeded as TA-Lib's with the sums of the first period − 1 bars. Written for numba."""
    count, keeps = len(close), 1.0 - 1.0 / period
    plus, minus, reach = np.empty(count), np.empty(count), np.empty(count)
    _moves(high, low, close, plus[1:], minus[1:], reach[1:])
    up, down, wide = 0.0, 0.0, 0.0
    for at in range(1, min(count, period)):
        up += plus[at]
        down += minus[at]
        wide += reach[at]
    for at in range(period, count):
        up = up * keeps + plus[at]
        down = down * keeps + minus[at]
        wide = wide * keeps + reach[at]
        plus[at], minus[at], reach[at] = up, down, wide
    plus[:period] = np.nan
    minus[:period] = np.nan
    faded = 0
    for at in range(period, count):
        faded += int(np.uint8(reach[at] <= FADED))
        plus[at] = 100.0 * (plus[at] / reach[at])
        minus[at] = 100.0 * (minus[at] / reach[at])
    if faded > 0:
        last_up, last_down = 0.0, 0.0
        for at in range(period, count):
            last_up = plus[at] if reach[at] > FADED else last_up
            last_down = minus[at] if reach[at] > FADED else last_down
            plus[at], minus[at] = last_up, last_down
    return plus, minus


def plus_minus_dm(high: Floats, low: Floats, period: int) -> tuple[Floats, Floats]:
    """Return Wilder's sums of upward and of downward movement; NaN before bar period − 1, and on the first.

    Seeded as TA-Lib's with the sums of the first period − 1 bars. Written for numba.
    """
    count, keeps = len(high), 1.0 - 1.0 / period
    plus, minus = np.full(count, np.nan), np.full(count, np.nan)
    up, down = 0.0, 0.0
    for at in range(1, count):
        rise, fall = high[at] - high[at - 1], low[at - 1] - low[at]
        fades = keeps if at >= period else 1.0
        up = up * fades + (rise if rise > fall and rise > 0.0 else 0.0)
        down = down * fades + (fall if fall > rise and fall > 0.0 else 0.0)
        if at >= period - 1:
            plus[at], minus[at] = up, down
    return plus, minus


def _moves(high: Floats, low: Floats, close: Floats, plus: Floats, minus: Floats, reach: Floats) -> None:
    """Write each bar's upward and downward movement, and its true range."""
    top, bottom, old_top, old_bottom, before = high[1:], low[1:], high[:-1], low[:-1], close[:-1]
    for at in range(len(reach)):
        rise, fall = top[at] - old_top[at], old_bottom[at] - bottom[at]
        plus[at] = rise if rise > fall and rise > 0.0 else 0.0
        minus[at] = fall if fall > rise and fall > 0.0 else 0.0
        above = top[at] if top[at] > before[at] else before[at]
        below = bottom[at] if bottom[at] < before[at] else before[at]
        reach[at] = above - below


def _adxr(index: Floats, high: Floats, low: Floats, close: Floats, period: int) -> Floats:
    count, first = len(close), 1
    while first < count and max(high[first], close[first - 1]) == min(low[first], close[first - 1]):
        first += 1
    begin = min(count, max(first, 3 * period - 2))
    values = np.empty(count)
    values[:begin] = np.nan
    for at in range(begin, count):
        values[at] = (index[at] + index[at - period + 1]) / 2.0
    return values


def vortex_moves(high: Floats, low: Floats, close: Floats) -> tuple[Floats, Floats, Floats]:
    """Return how far each high is from the low before, each low from the high before, and the true range.

    NaN on the first bar. Written for numba.
    """
    count = len(close)
    rise, fall, reach = np.full(count, np.nan), np.full(count, np.nan), np.full(count, np.nan)
    for at in range(1, count):
        rise[at], fall[at] = abs(high[at] - low[at - 1]), abs(low[at] - high[at - 1])
        reach[at] = max(high[at], close[at - 1]) - min(low[at], close[at - 1])
    return rise, fall, reach
