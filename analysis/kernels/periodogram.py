"""Ehlers' autocorrelation periodogram: which cycle a price is most like."""

import numpy as np

from analysis.arrays import Floats

STILL = 1e-12  # of the squared price: what varies less does not


def roofing_filter(source: Floats, longest: int, shortest: int) -> Floats:
    """Return the source without cycles longer than `longest` bars and smoothed over `shortest`."""
    angle = 0.707 * 2.0 * np.pi / longest
    pole = 1.0 + (np.sin(angle) - 1.0) / np.cos(angle)
    decay = np.exp(-1.414 * np.pi / shortest)
    second = 2.0 * decay * np.cos(1.414 * np.pi / shortest)
    third = -decay * decay
    first = 1.0 - second - third
    passed, smooth = np.zeros(len(source)), np.zeros(len(source))
    for at in range(2, len(source)):
        bend = source[at] - 2.0 * source[at - 1] + source[at - 2]
        passed[at] = (1.0 - pole / 2.0) ** 2 * bend + 2.0 * (1.0 - pole) * passed[at - 1]
        passed[at] -= (1.0 - pole) ** 2 * passed[at - 2]
        smooth[at] = first * (passed[at] + passed[at - 1]) / 2.0 + second * smooth[at - 1] + third * smooth[at - 2]
    return smooth


def dominant(source: Floats, shortest: int, longest: int, average: int, waves: Floats) -> Floats:
    """Return the dominant cycle in bars: the centre of gravity of the periodogram above half its largest power.

    `waves` has a row for each lag from `longest` to `average` and three of zeros; in a row stand the cosines of every
    period and then their sines. Held where the price does not move; NaN until it has.
    """
    count, periods, lags = len(source), longest - shortest + 1, longest - average + 1
    smooth = roofing_filter(source, longest, shortest)
    sums, spreads = spread(smooth, average)
    found = np.full(count, np.nan)
    powers, parts = np.zeros(periods), np.zeros((2, 2 * periods))
    correlations = np.zeros((2, lags + 3))  # the rows are taken four at a time: beyond the last there are empty ones
    largest = 0.0
    known = np.nan
    for first in range(longest + average, count, 2):
        # Two bars at a time, because reading the waves is what takes the time.
        bars = min(2, count - first)
        for bar in range(bars):
            at = first + bar
            alike(smooth, sums, spreads, at, average, STILL * source[at] * source[at], correlations[bar, :lags])
        transform(waves, correlations, parts, lags)
        for bar in range(bars):
            largest *= 0.995
            for place in range(periods):
                square = (
                    parts[bar, place] * parts[bar, place] + parts[bar, periods + place] * parts[bar, periods + place]
                )
                powers[place] = 0.2 * square * square + 0.8 * powers[place]
            for place in range(periods):
                largest = powers[place] if powers[place] > largest else largest
            weights = centre = 0.0
            for place in range(periods):
                strong = powers[place] if powers[place] >= 0.5 * largest else 0.0
                weights += strong
                centre += strong * (shortest + place)
            if weights > 0.0:
                known = centre / weights
            found[first + bar] = known
    return found


def transform(waves: Floats, weights: Floats, totals: Floats, rows: int) -> None:
    """Fill in the weighted sums of the waves, with two series of weights."""
    totals[:] = 0.0
    for row in range(0, rows, 4):
        one, two, three, four = waves[row], waves[row + 1], waves[row + 2], waves[row + 3]
        a, b, c, d = weights[0, row], weights[0, row + 1], weights[0, row + 2], weights[0, row + 3]
        e, f, g, h = weights[1, row], weights[1, row + 1], weights[1, row + 2], weights[1, row + 3]
        for at in range(len(one)):
            totals[0, at] += (a * one[at] + b * two[at]) + (c * three[at] + d * four[at])
            totals[1, at] += (e * one[at] + f * two[at]) + (g * three[at] + h * four[at])


def spread(values: Floats, average: int) -> tuple[Floats, Floats]:
    """Return the sum of the last `average` values of each bar, and how far they are apart: n Σx² − (Σx)²."""
    sums, spreads = np.zeros(len(values)), np.zeros(len(values))
    for at in range(average - 1, len(values)):
        squares = 0.0
        for back in range(average):
            sums[at] += values[at - back]
            squares += values[at - back] * values[at - back]
        spreads[at] = average * squares - sums[at] * sums[at]
    return sums, spreads


def alike(
    values: Floats, sums: Floats, spreads: Floats, at: int, average: int, still: float, correlations: Floats
) -> None:
    """Fill in how the last values correlate with earlier ones, the longest lag first; 0 where one of them is still."""
    correlations[:] = 0.0
    if spreads[at] <= still:
        return
    lags = len(correlations)
    begin = at - average - lags + 1
    for back in range(average):
        value, past = values[at - back], values[begin - back : begin - back + lags]
        for row in range(lags):
            correlations[row] += value * past[row]
    total, own = sums[at], spreads[at]
    past_sums, past_spreads = sums[begin : begin + lags], spreads[begin : begin + lags]
    for row in range(lags):
        moves = past_spreads[row] > still
        scale = np.sqrt(own * (past_spreads[row] if moves else 1.0))
        found = (average * correlations[row] - total * past_sums[row]) / scale
        correlations[row] = found if moves else 0.0
