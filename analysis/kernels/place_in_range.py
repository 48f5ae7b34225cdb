"""Where price stands in the range of the last so many bars, and the averages of that place."""

import numpy as np
from numpy.typing import NDArray

from analysis.kernels.division import ratio
from analysis.kernels.rolling import highest, lowest, mean
from analysis.kernels.stillness import any_of_last

Floats = NDArray[np.float64]


def place(high: Floats, low: Floats, close: Floats, period: int, least: float = 0.0) -> Floats:
    """Return where the close stands in the range of the period, in percent; NaN where the range is not above least."""
    top, bottom = highest(high, period), lowest(low, period)
    return ratio(100 * (close - bottom), top - bottom, least)


def smoothed(position: Floats, warmup: int, k_smoothing: int, d_period: int) -> tuple[Floats, Floats]:
    """Return the means of k_smoothing positions and of d_period of those; NaN where a position in them is."""
    k, d = np.full(len(position), np.nan), np.full(len(position), np.nan)
    known = position[warmup:]
    undefined = np.isnan(known)
    is_holed = bool(undefined.any())
    filled = np.where(undefined, 0.0, known) if is_holed else known
    smooth = mean(filled, k_smoothing)
    first = k_smoothing - 1
    double = np.full(len(known), np.nan)
    double[first:] = mean(smooth[first:], d_period)
    for column, values, width in ((k, smooth, k_smoothing), (d, double, k_smoothing + d_period - 1)):
        # The running means leave a residue of 1e-14; a share is never outside its range.
        column[warmup:] = np.clip(values, 0.0, 100.0)
        if is_holed:
            column[warmup:][any_of_last(undefined, width)] = np.nan
    k[: warmup + first + d_period - 1] = np.nan
    return k, d
