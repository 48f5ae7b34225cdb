"""The place of a value in its range, smoothed, and the place of that in its own."""

import numpy as np

from analysis.arrays import Floats

STILL = 1e-10  # of the price: what is below has not moved


def cycle(values: Floats, prices: Floats, first: int, period: int, factor: float) -> Floats:
    """Return Schaff's cycle of the values from bar `first` on: 0 to 100, at a place held where the range is zero."""
    once = smoothed_place(values, STILL * np.abs(prices), first, period, factor)
    return smoothed_place(once, np.full(len(values), 1e-9), first + period - 1, period, factor)


def smoothed_place(values: Floats, still: Floats, first: int, period: int, factor: float) -> Floats:
    """Return where each value lies between the lowest and highest of its period, in percent, smoothed by `factor`."""
    found = np.full(len(values), np.nan)
    place = smooth = 0.0
    begin = first + period - 1
    for at in range(begin, len(values)):
        lowest = highest = values[at]
        for one in range(at - period + 1, at):
            lowest, highest = min(lowest, values[one]), max(highest, values[one])
        if highest - lowest > still[at]:
            place = 100.0 * (values[at] - lowest) / (highest - lowest)
        smooth = place if at == begin else smooth + factor * (place - smooth)
        found[at] = min(max(smooth, 0.0), 100.0)
    return found
