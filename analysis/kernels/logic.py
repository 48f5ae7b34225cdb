"""Arithmetic and conditions in which unknown stays unknown.

Every column is float64. A condition is 1 (true), 0 (false) or NaN (unknown); the rules are Kleene's three-valued logic.
"""

from collections.abc import Callable, Sequence
from functools import reduce

import numpy as np

from analysis.arrays import Bools, Floats


def lag(values: Floats, bars: int) -> Floats:
    """Return the values of n bars ago, unknown where the series had not begun."""
    shifted = np.full(len(values), np.nan)
    if bars < len(values):
        shifted[bars:] = values[: len(values) - bars]
    return shifted


def arithmetic(sign: str, left: Floats, right: Floats) -> Floats:
    """Return left (+ − * / %) right; what is not finite is unknown. A remainder has the sign of what is divided."""
    compute: Callable[..., Floats] = {
        "+": np.add,
        "-": np.subtract,
        "*": np.multiply,
        "/": np.divide,
        "%": np.fmod,
    }[sign]
    with np.errstate(all="ignore"):
        values = compute(left, right)
    values[~np.isfinite(values)] = np.nan
    return values


def compared(sign: str, left: Floats, right: Floats) -> Floats:
    """Return whether left (< <= > >= == !=) right; unknown where either is."""
    holds: Callable[..., Bools] = {
        "<": np.less,
        "<=": np.less_equal,
        ">": np.greater,
        ">=": np.greater_equal,
        "==": np.equal,
        "!=": np.not_equal,
    }[sign]
    values = holds(left, right).astype(np.float64)
    values[np.isnan(left) | np.isnan(right)] = np.nan
    return values


def negated(condition: Floats) -> Floats:
    """Return the opposite; unknown stays unknown."""
    return 1.0 - condition


def all_of(conditions: Sequence[Floats]) -> Floats:
    """Return true where all are true, false where any is false, else unknown."""
    # minimum passes NaN on; fmin does not. A false decides, so it wins over the unknown.
    strict, known = reduce(np.minimum, conditions), reduce(np.fmin, conditions)
    return np.where(known == 0.0, 0.0, strict)


def any_of(conditions: Sequence[Floats]) -> Floats:
    """Return true where any is true, false where all are false, else unknown."""
    return negated(all_of([negated(condition) for condition in conditions]))


def crossed(left: Floats, right: Floats, *, above: bool) -> Floats:
    """Return where left is beyond right and the bar before was not."""
    now, before = (">", "<=") if above else ("<", ">=")
    return all_of([compared(now, left, right), lag(compared(before, left, right), 1)])


def extreme(values: Floats, bars: int, *, highest: bool) -> Floats:
    """Return the highest or lowest of the last n values; unknown while any of them is."""
    result = np.full(len(values), np.nan)
    if bars <= len(values):
        windows = np.lib.stride_tricks.sliding_window_view(values, bars)
        result[bars - 1 :] = windows.max(axis=1) if highest else windows.min(axis=1)
    return result


def within(condition: Floats, bars: int) -> Floats:
    """Return whether the condition was true on any of the last n bars; a bar that is missing is unknown."""
    padded = np.concatenate((np.full(bars - 1, np.nan), condition))
    windows = np.lib.stride_tricks.sliding_window_view(padded, bars)
    unknown = np.isnan(windows).any(axis=1)
    return np.where((windows == 1.0).any(axis=1), 1.0, np.where(unknown, np.nan, 0.0))


def count(condition: Floats, bars: int) -> Floats:
    """Return on how many of the last n bars the condition was true; unknown while any of them is."""
    counted = np.full(len(condition), np.nan)
    if bars <= len(condition):
        counted[bars - 1 :] = np.lib.stride_tricks.sliding_window_view(condition, bars).sum(axis=1)
    return counted


def bars_since(condition: Floats) -> Floats:
    """Return how many bars ago the condition was last true; unknown before that, and after an unknown bar."""
    place = np.arange(len(condition), dtype=np.float64)
    last_true = np.maximum.accumulate(np.where(condition == 1.0, place, -1.0))
    last_unknown = np.maximum.accumulate(np.where(np.isnan(condition), place, -1.0))
    return np.where((last_true >= 0) & (last_true > last_unknown), place - last_true, np.nan)
