"""Definitions worked out bar by bar in plain Python, where no other library computes an entry, and TA-Lib's own.

The former are written from the publication, share nothing with the kernels, and are as slow as they are plain.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from analysis.arrays import Floats
from analysis.bars import Bars
from analysis.kernels.talib import ta
from tests.analysis.oracles.cases import Expected, Source
from tests.analysis.shipped import demo

Lines = Mapping[str, Sequence[float | None]]


def stepwise(
    derive: Callable[[Bars], Lines], bars: Bars | None = None, relative: float = 1e-9, *, second: str = ""
) -> Source:
    """Return the source that works out the last values of each output; on the shipped AAPL series if on no other.

    Who works out a definition may have misread it: `second` names another source in print that has it, or another
    program that comes to the same, where no other case of the entry is of one.
    """

    def load(_folder: object) -> Expected:
        given = demo("AAPL", 700) if bars is None else bars
        return Expected(given, {name: numbers(values) for name, values in derive(given).items()}, relative)

    name = "worked out step by step"
    return Source(f"{name}, and {second}" if second else name, load, is_independent=False)


def talib(
    function: str, *arguments: float, inputs: str, outputs: str = "value", begins: int = 0, relative: float = 1e-9
) -> Source:
    """TA-Lib's own function of an entry, where the entry is not made of it, from the bar on that its values begin."""

    def load(_folder: object) -> Expected:
        bars = demo("AAPL", 700)
        got = getattr(ta, function)(*(getattr(bars, name) for name in inputs.split()), *arguments)
        columns = zip(outputs.split(), got if isinstance(got, tuple) else (got,), strict=True)
        return Expected(bars, {name: column[begins:].astype(np.float64) for name, column in columns}, relative)

    return Source("TA-Lib", load)


def numbers(values: Sequence[float | None]) -> Floats:
    """Return the values as a column, None as unknown."""
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def mean(values: Sequence[float]) -> float:
    """Return the plain mean."""
    return sum(values) / len(values)
