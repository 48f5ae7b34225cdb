"""Division by what may be zero."""

import numpy as np

from analysis.arrays import Floats
from analysis.kernels.jit import jit


def ratio(top: Floats, bottom: Floats, otherwise: float = np.nan, least: float = 0.0) -> Floats:
    """Return top / bottom where the bottom is above `least`, `otherwise` where it is not, NaN where it is NaN."""
    return jit[_ratio](top, bottom, otherwise, least)


def percent(part: Floats, whole: Floats, low: float, high: float) -> Floats:
    """Return part / whole in percent, within low and high; NaN where the whole is not above zero."""
    return jit[_percent](part, whole, low, high)


def clamped(values: Floats, low: float, high: float) -> Floats:
    """Return the values brought within low and high; NaN stays NaN."""
    return jit[_clamped](values, low, high)


def _ratio(top: Floats, bottom: Floats, otherwise: float, least: float) -> Floats:
    values = np.empty(len(top))
    for at in range(len(values)):
        quotient = top[at] / bottom[at]
        values[at] = otherwise if bottom[at] <= least else quotient
    return values


def _percent(part: Floats, whole: Floats, low: float, high: float) -> Floats:
    values = np.empty(len(part))
    for at in range(len(values)):
        share = 100.0 * part[at] / whole[at]
        share = low if share < low else share
        share = high if share > high else share
        values[at] = share if whole[at] > 0.0 else np.nan
    return values


def _clamped(values: Floats, low: float, high: float) -> Floats:
    inside = np.empty(len(values))
    for at in range(len(inside)):
        value = low if values[at] < low else values[at]
        inside[at] = high if value > high else value
    return inside
