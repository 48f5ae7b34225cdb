"""Bars of half an hour, made by chance from a seed: no such series ships with the project."""

import numpy as np

from analysis import Bars

SEED, SESSIONS, BARS = 8, 12, 13
FIRST = np.datetime64("2024-03-04T14:30", "ns").astype(np.int64)  # a Monday
MINUTE = 60_000_000_000


def half_hours() -> Bars:
    """Return twelve sessions from half past two to nine in UTC, most volume at their beginning and end."""
    rng = np.random.default_rng(SEED)
    days = np.array([day for day in range(3 * SESSIONS) if day % 7 < 5][:SESSIONS])
    time = FIRST + (days[:, None] * 1_440 + np.arange(BARS) * 30).ravel() * MINUTE
    count = SESSIONS * BARS
    steps = rng.normal(0.0002, 0.004, count)
    steps[::BARS] += rng.normal(0, 0.008, SESSIONS)
    close = 100 * np.cumprod(1 + steps)
    opens = np.concatenate(([100.0], close[:-1])) * (1 + rng.normal(0, 0.0004, count))
    wick = 1 + np.abs(rng.normal(0, 0.0018, (2, count)))
    crowd = 1 + 1.4 * np.abs(np.linspace(-1, 1, BARS)) ** 2
    volume = np.round(1e5 * np.tile(crowd, SESSIONS) * rng.uniform(0.6, 1.4, count))
    return Bars(
        time=time,
        open=opens,
        high=np.maximum(opens, close) * wick[0],
        low=np.minimum(opens, close) / wick[1],
        close=close,
        volume=volume,
        timeframe="30m",
        symbol="made by chance",
    )
