"""The autocorrelation periodogram."""

from functools import cache

import numpy as np

from analysis.arrays import Floats
from analysis.catalog.entry import UNKNOWN, Output
from analysis.catalog.params import integer
from analysis.catalog.registry import entry
from analysis.kernels.jit import jit
from analysis.kernels.periodogram import dominant


@cache
def _waves(shortest: int, longest: int, average: int) -> Floats:
    lags, periods = np.arange(longest, average - 1, -1), np.arange(shortest, longest + 1)
    angles = 2 * np.pi * lags[:, np.newaxis] / periods
    return np.pad(np.concatenate((np.cos(angles), np.sin(angles)), axis=1), ((0, 3), (0, 0)))


@entry(
    "autocorrelation_periodogram",
    title="Autocorrelation periodogram",
    category="cycle",
    params=(
        integer("shortest", 10, 4, 100, "The shortest cycle looked for, and the smoothing."),
        integer("longest", 48, 6, 300, "The longest cycle looked for."),
        integer("average", 3, 2, 10, "Values that a correlation is taken over."),
    ),
    ascending=("shortest", "longest"),
    outputs=(Output("period", "ratio", 4, 300, constant_value=UNKNOWN, settled_value=None),),
    warmup=lambda p: int(p["longest"]) + int(p["average"]),
    history="path",
    undefined_when="the source has not moved yet",
    source="Ehlers, Cycle Analytics for Traders (2013), ch. 8, code listing 8-3.",
    notes="The dominant cycle in bars. Path-dependent: its filters and powers begin with the first stored bar.",
    cost_us=250,
)
def autocorrelation_periodogram(source: Floats, /, *, shortest: int, longest: int, average: int) -> Floats:
    """Return the centre of gravity of the strong periods in the autocorrelation's spectrum."""
    return jit[dominant](source, shortest, longest, average, _waves(shortest, longest, average))
