"""Made series for the checks: walks with gaps, ties and still stretches, flat and halted ones; the same every time."""

from functools import cache

import numpy as np

from analysis.bars import Bars
from analysis.session_rule import SessionRule
from analysis.timeframe import LENGTH_NS

DAY_NS = 86_400_000_000_000
FIRST_NS = 1_577_836_800_000_000_000  # 2020-01-01
NAMES = ("time", "open", "high", "low", "close", "volume", "session")


def random_walk(
    count: int, *, seed: int = 1, symbol: str | None = "WALK", start: float = 100.0, timeframe: str = "1d"
) -> Bars:
    """Return bars of a geometric random walk, daily ones unless another timeframe is given."""
    # Weeks begin on Monday, which the first of 2020 was not.
    first = FIRST_NS + (5 * DAY_NS if timeframe == "1w" else 0)
    rng = np.random.default_rng(seed)
    close = start * np.exp(np.cumsum(rng.normal(0, 0.01, count)))
    open_ = np.concatenate([[start], close[:-1]]) * np.exp(rng.normal(0, 0.002, count))
    high = np.maximum(open_, close) * np.exp(np.abs(rng.normal(0, 0.004, count)))
    low = np.minimum(open_, close) * np.exp(-np.abs(rng.normal(0, 0.004, count)))
    return Bars(
        time=first + LENGTH_NS[timeframe] * np.arange(count, dtype=np.int64),
        open=open_,
        high=high,
        low=low,
        close=close,
        volume=rng.integers(1_000, 9_000, count).astype(np.float64),
        timeframe=timeframe,
        symbol=symbol,
    )


def changed(bars: Bars, **columns: object) -> Bars:
    """Return the bars with some columns replaced."""
    given = {name: getattr(bars, name) for name in (*NAMES, "sessions", "closed", "timeframe", "symbol")}
    return Bars(**{**given, **columns})


def scaled(bars: Bars, price: float = 1.0, volume: float = 1.0) -> Bars:
    """Return the bars in another currency or another unit of volume."""
    prices = {name: getattr(bars, name) * price for name in ("open", "high", "low", "close")}
    return changed(bars, **prices, volume=None if bars.volume is None else bars.volume * volume)


@cache
def walk(count: int, seed: int = 1) -> Bars:
    """Return a smooth random walk: no ties, no gaps, volume on every bar."""
    return random_walk(count, seed=seed)


@cache
def rough(count: int, seed: int = 7) -> Bars:
    """Return a walk in whole cents with overnight gaps, missing days, still stretches and bars without volume."""
    rng = np.random.default_rng(seed)
    steps = rng.normal(0, 0.012, count) + np.where(rng.random(count) < 0.03, rng.normal(0, 0.08, count), 0)
    still = np.zeros(count, dtype=bool)
    for start in rng.integers(0, max(1, count - 12), max(1, count // 60)):
        still[start : start + int(rng.integers(3, 12))] = True
    close = 20 * np.exp(np.cumsum(np.where(still, 0, steps)))
    before = np.concatenate(([close[0]], close[:-1]))
    open_ = np.where(still, before, before * np.exp(rng.normal(0, 0.006, count)))
    reach = np.where(still, 0, np.abs(rng.normal(0, 0.005, count)))
    high, low = np.maximum(open_, close) * (1 + reach), np.minimum(open_, close) * (1 - reach)
    columns = {"open": open_, "high": high, "low": low, "close": close}
    volume = np.where(rng.random(count) < 0.05, 0, rng.integers(1, 10_000, count)).astype(np.float64)
    days = np.cumsum(np.where(rng.random(count) < 0.2, 3, 1))
    return Bars(
        time=FIRST_NS + DAY_NS * days.astype(np.int64),
        **{name: np.round(column, 2) for name, column in columns.items()},
        volume=volume,
        timeframe="1d",
        symbol="ROUGH",
    )


@cache
def intraday(count: int, seed: int = 3) -> Bars:
    """Return hourly bars of seven an exchange day, each day one session."""
    base = random_walk(count, seed=seed)
    place = np.arange(count, dtype=np.int64)
    hour = 3_600_000_000_000
    time = FIRST_NS + (place // 7) * DAY_NS + (13 + place % 7) * hour
    return changed(base, time=time, session=place // 7, timeframe="1h")


@cache
def exchange(count: int, seed: int = 5) -> Bars:
    """Return half hours of New York's sessions by a table of them, an hour before each and an hour after it."""
    base = random_walk(count, seed=seed)
    half_hour, a_day = 1_800_000_000_000, 17
    whole = SessionRule.parse("09:30-16:00 America/New_York mon-fri").table(base.time)
    opens = whole.open[whole.open > FIRST_NS][: -(-count // a_day)]
    time = (opens[:, np.newaxis] + half_hour * (np.arange(a_day) - 2)).ravel()[:count]
    return changed(base, time=time, sessions=whole, timeframe="30m")


def flat(count: int, price: float = 50.0, volume: float = 1_000.0) -> Bars:
    """Return bars of one price, with volume."""
    same = np.full(count, price)
    time = FIRST_NS + DAY_NS * np.arange(count, dtype=np.int64)
    return Bars(time=time, open=same, high=same, low=same, close=same, volume=np.full(count, volume), timeframe="1d")


def halted(moving: int, still: int, seed: int = 1) -> Bars:
    """Return a walk that stands still from some bar on, without volume."""
    base = random_walk(moving + still, seed=seed)
    columns = {}
    for name in ("open", "high", "low", "close"):
        column = getattr(base, name).copy()
        column[moving:] = base.close[moving - 1]
        columns[name] = column
    volume = np.array(base.volume)
    volume[moving:] = 0.0
    return changed(base, **columns, volume=volume)


def companion(bars: Bars) -> Bars:
    """Return a second series whose bars depend on their times alone, as a market's index does."""
    days = bars.time / DAY_NS
    price = 80 * np.exp(0.1 * np.sin(days / 9) + 0.03 * np.sin(days * 1.7) + 0.02 * np.sin(days * 7.9))
    return changed(bars, open=price, high=price, low=price, close=price)
