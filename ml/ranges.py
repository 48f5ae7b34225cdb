"""How far price goes in the next bars: volatility is what can be foreseen, with or without a pattern.

The way from a close to the highest high and the lowest low of the next H bars, in units of the walk's deviation over H
bars as it was known at that close; its quantiles over many closes, and how often they held elsewhere and later.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from statistics import NormalDist
from typing import Any, Self

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from analysis import Bars
from analysis.arrays import Bools, Floats, Ints
from analysis.kernels.random_walk import bar_volatility
from analysis.language.grammar import HANDED
from ml.arrays import Names
from ml.features import BARS_NEEDED

HORIZONS = HANDED["expected_range"].horizons
QUANTILES = (0.1, 0.5, 0.9)
EVERY = 5  # bars from one close that is looked at to the next
WAYS = ("up", "down")
Ways = Mapping[str, Sequence[float]]
WALK: Ways = {way: [NormalDist().inv_cdf((1 + share) / 2) for share in QUANTILES] for way in WAYS}


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
    return _last(ways_of(card, horizon), bars, horizon)


def walks_range(bars: Bars, horizon: int) -> dict[str, list[float]] | None:
    """Return the same of a driftless walk, for which nothing had to be measured.

    Its highest point stays below x with the probability 2Φ(x) - 1, x in deviations of the whole time, and its lowest
    point likewise. Source: Borodin & Salminen, Handbook of Brownian Motion (2nd ed., 2002), II.1.1.
    """
    return _last(WALK, bars, horizon)


def range_columns(card: Mapping[str, Any], bars: Bars, horizon: int) -> dict[str, Floats]:
    """Return what expected_range() says at every bar: `high_10` to `low_90`, NaN where the volatility is not known yet.

    On a bar nothing is read that comes after it.
    """
    unit = bar_volatility(bars.open, bars.high, bars.low, bars.close) * horizon**0.5
    found = _around(ways_of(card, horizon), bars.close, unit)
    return {
        f"{side}_{share * 100:.0f}": column
        for side, columns in found.items()
        for share, column in zip(QUANTILES, columns, strict=True)
    }


def ways_of(card: Mapping[str, Any], horizon: int) -> Ways:
    """Return a card's quantiles of the ways up and down in `horizon` bars, in deviations over them."""
    roots = np.sqrt(HORIZONS)
    return {
        way: [float(np.interp(horizon**0.5, roots, column)) for column in zip(*card["ranges"][way], strict=True)]
        for way in WAYS
    }


def _last(ways: Ways, bars: Bars, horizon: int) -> dict[str, list[float]] | None:
    unit = bar_volatility(bars.open, bars.high, bars.low, bars.close)[-1:] * horizon**0.5
    if not np.isfinite(unit).all():
        return None
    return {side: [float(one[0]) for one in columns] for side, columns in _around(ways, bars.close[-1:], unit).items()}


def _around(ways: Ways, close: Floats, unit: Floats) -> dict[str, list[Floats]]:
    """Return prices from ways; the deepest way down is the lowest price, and the first."""
    return {
        "high": [close + unit * one for one in ways["up"]],
        "low": [close - unit * one for one in reversed(ways["down"])],
    }
