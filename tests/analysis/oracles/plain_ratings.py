"""Technical ratings, slowly: every component in plain Python straight from the published rules, bar by bar.

No numpy, no TA-Lib and nothing of ours: lists of numbers, None for unknown.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from math import isqrt

Values = list[float | None]


def mean(values: Sequence[float | None], period: int, at: int) -> float | None:
    """Return the mean of the last values up to a place."""
    part = values[at - period + 1 : at + 1] if at >= period - 1 else []
    return None if not part or any(one is None for one in part) else sum(part) / period


def each(count: int, value: Callable[[int], float | None]) -> Values:
    """Return the value of every place."""
    return [value(at) for at in range(count)]


def recursive(values: Sequence[float | None], period: int, weight: float) -> Values:
    """Return the recursive average, seeded with the mean of the first `period` values that are known."""
    result: Values = []
    for at in range(len(values)):
        before = result[-1] if result else None
        if before is None:
            result.append(mean(values, period, at))
        else:
            result.append(before + weight * (values[at] - before))
    return result


def ema(values: Sequence[float | None], period: int) -> Values:
    """Return the exponential average."""
    return recursive(values, period, 2 / (period + 1))


def rma(values: Sequence[float | None], period: int) -> Values:
    """Return Wilder's average."""
    return recursive(values, period, 1 / period)


def wma(values: Sequence[float | None], period: int) -> Values:
    """Return the average with linear weights."""

    def value(at: int) -> float | None:
        part = values[at - period + 1 : at + 1] if at >= period - 1 else [None]
        if any(one is None for one in part):
            return None
        return sum((place + 1) * one for place, one in enumerate(part)) / (period * (period + 1) / 2)

    return each(len(values), value)


def changes(values: Sequence[float | None], sign: int) -> Values:
    """Return the rises (1) or the falls (−1) from bar to bar, none on the first."""
    return [None, *(max(0.0, sign * (b - a)) for a, b in pairwise(values))]


def rsi(close: Sequence[float], period: int) -> Values:
    """Return Wilder's relative strength."""
    up, down = rma(changes(close, 1), period), rma(changes(close, -1), period)
    return [None if u is None else 50.0 if u + d == 0 else 100 * u / (u + d) for u, d in zip(up, down, strict=True)]


def place(high: Sequence, low: Sequence, close: Sequence, period: int) -> Values:
    """Return the place in the range in percent."""

    def value(at: int) -> float | None:
        top, bottom = high[max(0, at - period + 1) : at + 1], low[max(0, at - period + 1) : at + 1]
        if at < period - 1 or any(one is None for one in top):
            return None
        return None if max(top) == min(bottom) else 100 * (close[at] - min(bottom)) / (max(top) - min(bottom))

    return each(len(close), value)


def directional(high: Sequence[float], low: Sequence[float], close: Sequence[float], period: int) -> tuple:
    """Return ADX, +DI and −DI with Wilder's sums."""
    count = len(close)
    plus, minus, reach = [0.0] * count, [0.0] * count, [0.0] * count
    for at in range(1, count):
        up, down = high[at] - high[at - 1], low[at - 1] - low[at]
        plus[at], minus[at] = up if up > down and up > 0 else 0.0, down if down > up and down > 0 else 0.0
        reach[at] = max(high[at], close[at - 1]) - min(low[at], close[at - 1])
    sums = [sum(column[1:period]) for column in (plus, minus, reach)]
    pdi: Values = [None] * count
    mdi: Values = [None] * count
    dx: Values = [None] * count
    for at in range(period, count):
        sums = [total - total / period + column[at] for total, column in zip(sums, (plus, minus, reach), strict=True)]
        pdi[at], mdi[at] = 100 * sums[0] / sums[2], 100 * sums[1] / sums[2]
        total = pdi[at] + mdi[at]
        dx[at] = 100 * abs(pdi[at] - mdi[at]) / total if total else 0.0
    return rma(dx, period), pdi, mdi


def cci(close: Sequence[float], period: int) -> Values:
    """Return the commodity channel index of the closes."""

    def value(at: int) -> float | None:
        middle = mean(close, period, at)
        if middle is None:
            return None
        spread = sum(abs(one - middle) for one in close[at - period + 1 : at + 1]) / period
        return (close[at] - middle) / (0.015 * spread) if spread else None

    return each(len(close), value)


def ultimate(high: Sequence[float], low: Sequence[float], close: Sequence[float]) -> Values:
    """Return the ultimate oscillator of 7, 14, 28."""
    pressure = [0.0] + [c - min(bottom, b) for c, bottom, b in zip(close[1:], low[1:], close, strict=False)]
    reach = [0.0] + [max(top, b) - min(bottom, b) for top, bottom, b in zip(high[1:], low[1:], close, strict=False)]

    def value(at: int) -> float | None:
        if at < 28:
            return None
        a, b, c = (sum(pressure[at - n + 1 : at + 1]) / sum(reach[at - n + 1 : at + 1]) for n in (7, 14, 28))
        return 100 * (4 * a + 2 * b + c) / 7

    return each(len(close), value)


def hull(close: Sequence[float], period: int) -> Values:
    """Return Hull's average, half and root of the period rounded down."""
    half, whole = wma(close, period // 2), wma(close, period)
    return wma([None if w is None else 2 * h - w for h, w in zip(half, whole, strict=True)], isqrt(period))


def middle(high: Sequence[float], low: Sequence[float], period: int) -> Values:
    """Return the middle of the period's range."""
    return each(
        len(high),
        lambda at: (
            None if at < period - 1 else (max(high[at - period + 1 : at + 1]) + min(low[at - period + 1 : at + 1])) / 2
        ),
    )
