"""Deliberately wrong indicators, each wrong in one way that peers' users have met; the checks must catch every one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np

from analysis.arrays import Floats
from analysis.catalog import registry
from analysis.catalog.entry import Entry
from analysis.kernels.rolling import mean
from analysis.kernels.talib import ta


def right(source: Floats, /, *, period: int) -> Floats:
    """Return the average as it is, to show that only what is wrong is caught."""
    return mean(source, period)


def keeps_residues(source: Floats, /, *, period: int) -> Floats:
    """Return an average whose running sum is never begun again."""
    return ta.SMA(source, period)


def looks_ahead(source: Floats, /, *, period: int) -> Floats:
    """Return an average that knows the next bar."""
    values = ta.SMA(source, period)
    values[:-1] = values[1:]
    values[: period - 1] = np.nan
    return values


def centred(source: Floats, /, *, period: int) -> Floats:
    """Return an average around each bar, as a chart that smooths history draws it."""
    values = np.convolve(source, np.ones(period) / period, "same")[: len(source)]
    values[: period - 1] = np.nan
    return values


def warms_up_early(source: Floats, /, *, period: int) -> Floats:
    """Return an average whose first value is of one bar too few."""
    values = ta.SMA(source, period)
    values[period - 2] = source[: period - 1].mean()
    return values


def warms_up_late(source: Floats, /, *, period: int) -> Floats:
    """Return an average that is one bar late."""
    values = ta.SMA(source, period)
    values[period - 1] = np.nan
    return values


def zero_for_unknown(source: Floats, /, *, period: int) -> Floats:
    """Return an average that says 0 before it knows."""
    return np.nan_to_num(ta.SMA(source, period))


def repaints(source: Floats, /, *, period: int) -> Floats:
    """Return an average normalised by the whole series."""
    return ta.SMA(source, period) / source.std() * 2.0


def forgets_nothing(source: Floats, /, *, period: int) -> Floats:
    """Return an average whose start weighs for ever, though it says that it looks at a window."""
    values = np.cumsum(source) / np.arange(1, len(source) + 1)
    values[: period - 1] = np.nan
    return values


def writes_its_input(source: Floats, /, *, period: int) -> Floats:
    """Return an average and leave the input rounded."""
    source[:] = np.round(source, 2)
    return ta.SMA(source, period)


def returns_its_input(source: Floats, /, *, period: int) -> Floats:
    """Return the input itself."""
    return source


def whole_numbers(source: Floats, /, *, period: int) -> Any:
    """Return an average as int64."""
    values = ta.SMA(source, period)
    values[: period - 1] = 0
    return values.astype(np.int64)


def too_short(source: Floats, /, *, period: int) -> Floats:
    """Return only the values that are known."""
    return ta.SMA(source, period)[period - 1 :]


def wrong_scale(source: Floats, /, *, period: int) -> Floats:
    """Return the logarithm of an average in the unit of its source."""
    return np.log(ta.SMA(source, period))


def infinite(source: Floats, /, *, period: int) -> Floats:
    """Return an average over a difference that may be zero."""
    values = ta.SMA(source, period)
    with np.errstate(all="ignore"):
        return values / np.abs(np.diff(source, prepend=source[0])) * 1e-3


def changes_its_mind(source: Floats, /, *, period: int) -> Floats:
    """Return an average with a little noise of its own."""
    return ta.SMA(source, period) + np.random.default_rng().normal(0, 1e-3, len(source))


def smoothed_as_an_ema(source: Floats, /, *, period: int) -> Floats:
    """Return an RSI whose averages are exponential instead of Wilder's."""
    step = np.diff(source, prepend=source[0])
    up, down = ta.EMA(np.maximum(step, 0), period), ta.EMA(np.maximum(-step, 0), period)
    with np.errstate(all="ignore"):
        values = np.where(up + down > 0, 100 * up / (up + down), 50.0)
    values[:period] = np.nan
    return values


@contextmanager
def instead_of(name: str, compute: Callable[..., Any], **also: Any) -> Iterator[Entry]:
    """Put a wrong function in the place of an entry of the registry."""
    right = registry.ENTRIES[name]
    wrong = replace(right, compute=compute, **also)
    registry.ENTRIES[name] = wrong
    try:
        yield wrong
    finally:
        registry.ENTRIES[name] = right
