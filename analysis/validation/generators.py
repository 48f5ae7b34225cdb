"""Prices without any pattern but by chance, of three kinds beside the Gaussian path: clustered, fat-tailed, by session.

Each is a fair game: a step is as likely up as down by as much, whatever came before. What detectors say of them beyond
chance is therefore wrong. A step is a simple return, 60 of them to a bar, so that highs and lows come of the path.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from analysis.arrays import Floats, Ints
from analysis.bars import Bars
from analysis.session_rule import SessionRule
from analysis.sessions import Sessions
from analysis.validation.synthetic.paths import PER_BAR, STEPS

DAY_NS, HALF_HOUR_NS = 86_400_000_000_000, 1_800_000_000_000
FIRST_NS = 1_546_300_800_000_000_000  # 2019-01-01
DEVIATION = {"1d": 0.015, "30m": 0.003}  # of a bar's return
MOST = 0.1  # of a price, in one step: cut on both sides alike
BURN = 250  # bars before the first, after which a series has forgotten how it began
# GARCH(1,1) with Student's t (Bollerslev 1987); persistence and tails as daily shares have them, variance 1.
ARCH, GARCH, FREEDOM = 0.08, 0.90, 5
FAT = 3  # degrees of freedom of the fat-tailed walk: its fourth moment is infinite
# A session of 13 half hours whose volatility is a U (Wood, McInish & Ord 1985), and the gap before it.
SHAPE = np.array([1.7, 1.25, 1.05, 0.95, 0.85, 0.8, 0.75, 0.75, 0.8, 0.85, 0.95, 1.1, 1.4])
A_SESSION = len(SHAPE)
GAP = 2.0  # deviations of a half hour
HOURS = "09:30-16:00 America/New_York mon-fri"
VOLUME = 1_000_000.0
# The mean deviation of a bar, of which the mean square is 1: what a walk is divided by so that its range is one.
MEAN_DEVIATION = {"garch": 0.85, "fat": (2 / np.pi) ** 0.5}


class Shocks(NamedTuple):
    """Steps in deviations of a bar (a row for each), the gap before each bar, and each bar's own deviation."""

    steps: Floats
    gaps: Floats
    deviation: Floats


class Generator(NamedTuple):
    """A kind of series: its name, its timeframe, and what makes one of n bars."""

    name: str
    timeframe: str
    make: Callable[[int, np.random.Generator], Bars]


def garch(count: int, rng: np.random.Generator) -> Shocks:
    """Return steps whose deviation follows what went before: GARCH(1,1), its innovations Student's t."""
    steps = _steps(count + BURN, rng)
    tails = ((FREEDOM - 2) / rng.chisquare(FREEDOM, count + BURN)) ** 0.5
    shocks = (tails * steps.sum(axis=1)).tolist()
    variance, found = 1.0, []
    for shock in shocks:
        found.append(variance)
        variance = 1 - ARCH - GARCH + (ARCH * shock * shock + GARCH) * variance
    deviation = (np.array(found) ** 0.5 * tails)[BURN:]
    return Shocks(steps[BURN:] * deviation[:, np.newaxis], np.zeros(count), deviation)


def fat(count: int, rng: np.random.Generator) -> Shocks:
    """Return independent bars whose returns are Student's t with three degrees of freedom."""
    deviation = rng.chisquare(FAT, count) ** -0.5
    return Shocks(_steps(count, rng) * deviation[:, np.newaxis], np.zeros(count), deviation)


def by_session(count: int, rng: np.random.Generator) -> Shocks:
    """Return half hours whose deviation is a U over the session, with a gap before each session."""
    tails = ((FREEDOM - 2) / rng.chisquare(FREEDOM, count)) ** 0.5
    deviation = np.resize(SHAPE, count) * tails
    gaps = np.where(np.arange(count) % A_SESSION == 0, GAP * rng.standard_t(FREEDOM, count), 0.0)
    return Shocks(_steps(count, rng) * deviation[:, np.newaxis], gaps, deviation)


SHOCKS: dict[str, Callable[[int, np.random.Generator], Shocks]] = {"garch": garch, "fat": fat}


def between(kind: str) -> Callable[[np.random.Generator, int, float], Floats]:
    """Return what draws open, high, low and close of a walk of this kind, its range one on average, from `start`."""

    def walk(rng: np.random.Generator, count: int, start: float) -> Floats:
        steps, gaps, _ = SHOCKS[kind](count, rng)
        return _table(start + PER_BAR / MEAN_DEVIATION[kind] * np.cumsum(_joined(steps, gaps)), count)

    return walk


def _daily(kind: str, count: int, rng: np.random.Generator) -> Bars:
    return _bars(SHOCKS[kind](count, rng), FIRST_NS + DAY_NS * np.arange(count, dtype=np.int64), "1d", kind, rng)


def _half_hours(count: int, rng: np.random.Generator) -> Bars:
    days = -(-count // A_SESSION)
    table = SessionRule.parse(HOURS).table(FIRST_NS + DAY_NS * np.arange(2 * days + 7, dtype=np.int64))
    opens = table.open[table.open > FIRST_NS][:days]
    time = (opens[:, np.newaxis] + HALF_HOUR_NS * np.arange(A_SESSION)).ravel()[:count]
    return _bars(by_session(count, rng), time, "30m", "sessions", rng, table)


def _bars(
    shocks: Shocks, time: Ints, timeframe: str, symbol: str, rng: np.random.Generator, sessions: Sessions | None = None
) -> Bars:
    """Return bars of these shocks, the more volume the wider they are."""
    count = len(time)
    steps = np.clip(DEVIATION[timeframe] * _joined(shocks.steps, shocks.gaps), -MOST, MOST)
    opens, high, low, close = np.ascontiguousarray(_table(100.0 * np.cumprod(1.0 + steps, dtype=np.float64), count).T)
    volume = np.round(VOLUME * shocks.deviation * np.exp(rng.normal(0.0, 0.3, count)))
    columns = {"open": opens, "high": high, "low": low, "close": close, "volume": volume}
    return Bars(time=time, **columns, sessions=sessions, timeframe=timeframe, symbol=symbol)


def _steps(count: int, rng: np.random.Generator) -> Floats:
    return rng.normal(0.0, STEPS**-0.5, (count, STEPS))


def _joined(steps: Floats, gaps: Floats) -> Floats:
    return np.concatenate((gaps[:, np.newaxis], steps), axis=1).ravel()


def _table(path: Floats, count: int) -> Floats:
    rows = path.reshape(count, STEPS + 1)
    return np.column_stack((rows[:, 0], rows.max(axis=1), rows.min(axis=1), rows[:, -1]))


GENERATORS = (
    Generator("garch", "1d", lambda count, rng: _daily("garch", count, rng)),
    Generator("fat", "1d", lambda count, rng: _daily("fat", count, rng)),
    Generator("sessions", "30m", _half_hours),
)
