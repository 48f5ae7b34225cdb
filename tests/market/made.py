"""Bars and series for the tests of the market."""

from datetime import UTC, datetime
from typing import Any

import numpy as np

from analysis import Bars
from market.models import BarSeries
from market.services import store_series
from market.services.store import columns_of
from tests.bars import random_walk

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)


def part(bars: Bars, start: int, stop: int, **changed: Any) -> Bars:
    """Return the bars from start to before stop, with other columns where given."""
    columns = columns_of(bars).part(start, stop)._asdict() | changed
    return Bars(**columns, timeframe=bars.timeframe, symbol=bars.symbol)


def stored(owner: Any, symbol: str = "WALK", count: int = 300, seed: int = 1, **facts: Any) -> BarSeries:
    """Return a stored daily random walk."""
    values = {"timeframe": "1d", "source": "random walk", "adjustment": "raw", "now": NOW} | facts
    columns = columns_of(random_walk(count, seed=seed))._asdict()
    return store_series(owner=owner, bars=Bars(**columns, timeframe=values["timeframe"]), symbol=symbol, **values)


def assert_same(one: Bars, other: Bars) -> None:
    """Compare two sets of bars column by column, exactly."""
    np.testing.assert_array_equal(one.time, other.time)
    for name in ("open", "high", "low", "close"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    assert (one.volume is None) == (other.volume is None)
    if one.volume is not None:
        np.testing.assert_array_equal(one.volume, other.volume)
