"""A stored series of the tests of the ledger, and rows of it made by hand."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone

from analysis import Bars
from forecasts.models import KeptPrediction
from market.models import BarSeries
from market.services.store import store_series

DAY = timedelta(days=1)


def at(ns: int) -> datetime:
    return datetime.fromtimestamp(ns / 1e9, UTC)


def upto(bars: Bars, count: int) -> Bars:
    return bars.slice(0, count)


def stored(bars: Bars, symbol: str = "SPX", owner: Any = None) -> BarSeries:
    return store_series(
        owner=owner, bars=bars, symbol=symbol, timeframe="1d", source="test", adjustment="split", now=timezone.now()
    )


def evening(bars: Bars, place: int) -> datetime:
    """A moment after a daily bar is over and before the next one can be."""
    return at(int(bars.time[place])) + DAY + timedelta(hours=3)


def kept(count: int, blocks: int, p_target: float, *, sha256: str = "0" * 64, days: int = 92, **other: Any) -> None:
    """Events of which four in ten met their target, of days so far apart in turn."""
    rows = []
    for number in range(count):
        day = datetime(2020, 1, 15, tzinfo=UTC) + timedelta(days=days * (number % blocks))
        fields: dict[str, Any] = {
            "model": "pattern_outcome/2.0.0",
            "sha256": sha256,
            "series_id": 1,
            "symbol": "S",
            "timeframe": "1d",
            "event": f"e{number}",
            "name": "double_top",
            "side": -1,
            "reference": 1.0,
            "bar_ns": int(day.timestamp()) * 10**9,
            "target": 0.9,
            "stop": 1.1,
            "life": 5,
            "due_bars": 9,
            "p_target": p_target,
            "p_stop": 0.5,
            "chance_target": 0.2,
            "chance_stop": 0.5,
            "served_at": day,
            "result": "target" if number % 10 < 4 else "stop" if number % 10 < 9 else "timeout",
        }
        rows.append(KeptPrediction(**{**fields, **other}))
    KeptPrediction.objects.bulk_create(rows)
