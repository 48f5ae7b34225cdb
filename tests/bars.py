"""Bars for tests: seeded random walks with consistent highs and lows."""

import numpy as np

from analysis import Bars

DAY_NS = 86_400_000_000_000
FIRST_NS = 1_577_836_800_000_000_000  # 2020-01-01


def random_walk(count: int, *, seed: int = 1, symbol: str | None = "WALK", start: float = 100.0) -> Bars:
    """Return daily bars of a geometric random walk."""
    rng = np.random.default_rng(seed)
    close = start * np.exp(np.cumsum(rng.normal(0, 0.01, count)))
    open_ = np.concatenate([[start], close[:-1]]) * np.exp(rng.normal(0, 0.002, count))
    high = np.maximum(open_, close) * np.exp(np.abs(rng.normal(0, 0.004, count)))
    low = np.minimum(open_, close) * np.exp(-np.abs(rng.normal(0, 0.004, count)))
    return Bars(
        time=FIRST_NS + DAY_NS * np.arange(count, dtype=np.int64),
        open=open_,
        high=high,
        low=low,
        close=close,
        volume=rng.integers(1_000, 9_000, count).astype(np.float64),
        timeframe="1d",
        symbol=symbol,
    )
