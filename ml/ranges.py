"""How far price goes in the next bars: volatility is what can be foreseen, with or without a pattern.

The way from a close to the highest high and the lowest low of the next H bars, in units of the walk's deviation over H
bars as it was known at that close; its quantiles over many closes, and how often they held elsewhere and later.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from analysis import Bars
from analysis.arrays import Bools, Floats, Ints
from analysis.kernels.random_walk import bar_volatility
from ml.arrays import Names
from ml.features import BARS_NEEDED

HORIZONS = (5, 10, 20, 40, 60)
QUANTILES = (0.1, 0.5, 0.9)
EVERY = 5  # bars from one close that is looked at to the next
WAYS = ("up", "down")


@dataclass(frozen=True)
class Excursions:
    """A row per close: symbol, time, and the ways up and down of each horizon, in deviations."""

    symbol: Names
    at: Ints
    up: Floats
    down: Floats

    @classmethod
    def of(cls, bars: Bars, symbol: str) -> Self:
        """Return those of one series."""
        last = len(bars) - max(HORIZONS) - 1
        closes = np.arange(BARS_NEEDED, max(last, BARS_NEEDED), EVERY)
        volatility = bar_volatility(bars.open, bars.high, bars.low, bars.close)[closes]
        up, down = np.empty((len(closes), len(HORIZONS))), np.empty((len(closes), len(HORIZONS)))
        for place, horizon in enumerate(HORIZONS if len(closes) else ()):
            unit = volatility * horizon**0.5
            high = sliding_window_view(bars.high, horizon)[closes + 1].max(axis=1)
            low = sliding_window_view(bars.low, horizon)[closes + 1].min(axis=1)
            up[:, place] = (high - bars.close[closes]) / unit
            down[:, place] = (bars.close[closes] - low) / unit
        return cls(np.full(len(closes), symbol), bars.time[closes], up, down)

    @classmethod
    def joined(cls, parts: Iterable[Self]) -> Self:
        """Return all rows."""
        given = list(parts)
        return cls(*(np.concatenate([getattr(part, one.name) for part in given]) for one in fields(cls)))

    def take(self, rows: Bools) -> Self:
        """Return some rows."""
        return type(self)(*(getattr(self, one.name)[rows] for one in fields(self)))


def quantiles(seen: Excursions) -> dict[str, list[list[float]]]:
    """Return for both ways the quantiles of each horizon."""
    return {way: np.quantile(getattr(seen, way), QUANTILES, axis=0).T.round(4).tolist() for way in WAYS}


def coverage(told: Mapping[str, list[list[float]]], seen: Excursions) -> dict[str, list[list[float]]]:
    """Return the share of rows within each quantile: the quantile itself, where it holds."""
    return {
        way: [
            [round(float((getattr(seen, way)[:, place] <= edge).mean()), 4) for edge in edges]
            for place, edges in enumerate(told[way])
        ]
        for way in WAYS
    }


def expected_range(card: Mapping[str, Any], bars: Bars, horizon: int) -> dict[str, list[float]] | None:
    """Return the 10, 50 and 90 % quantiles, in price, of the high and the low of the `horizon` bars after the last.

    Between the horizons that were measured lines are drawn over the root of their bars; beyond them the nearest is
    taken. None where the volatility is not known yet.
    """
    volatility = float(bar_volatility(bars.open, bars.high, bars.low, bars.close)[-1])
    if not np.isfinite(volatility):
        return None
    roots, unit, close = np.sqrt(HORIZONS), volatility * horizon**0.5, float(bars.close[-1])
    at = {
        way: [float(np.interp(horizon**0.5, roots, column)) for column in zip(*card["ranges"][way], strict=True)]
        for way in WAYS
    }
    return {
        "high": [close + unit * one for one in at["up"]],
        "low": [close - unit * one for one in reversed(at["down"])],
    }
