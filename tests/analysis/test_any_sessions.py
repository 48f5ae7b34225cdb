"""Whatever the sessions and the bars: no later bar, and nothing that was announced later, changes a higher bar."""

from typing import NamedTuple

import numpy as np
import pytest

from analysis import Bars
from analysis.resampling import resample
from analysis.sessions import Sessions
from tests.analysis.exchanges import known_by, walk

MINUTE_NS = 60_000_000_000
HOUR_NS, DAY_NS = 60 * MINUTE_NS, 1_440 * MINUTE_NS
HIGHER = {5: ("15m", "1h", "12h", "1d"), 30: ("1h", "4h", "1d", "1w"), 60: ("2h", "4h", "1d", "1w"), 240: ("6h", "1w")}
NAMES = {5: "5m", 30: "30m", 60: "1h", 240: "4h"}


class Made(NamedTuple):
    """A table with surprises, the closes as they had been scheduled, and bars at odd minutes, some outside sessions."""

    sessions: Sessions
    usual: np.ndarray
    bars: Bars
    minutes: int


def made(seed: int) -> Made:
    draw = np.random.default_rng(seed)
    minutes, length = int(draw.choice(list(NAMES))), int(draw.choice([360, 390, 1_380, 1_440]))
    starts, first = int(draw.integers(-720, 1_200)), int(draw.integers(15_000, 18_000))
    days = [day for day in range(first, first + 40) if length == 1_440 or (day + 3) % 7 < 5]
    date = np.array([day for day in days if draw.random() > 0.15])
    opens = date * DAY_NS + starts * MINUTE_NS
    usual = opens + length * MINUTE_NS
    surprise = draw.random(len(date)) < 0.12
    closed_at = np.where(draw.random(len(date)) < 0.5, 0, draw.integers(30, length, len(date)))
    closes = np.where(surprise, opens + closed_at * MINUTE_NS, usual)
    sessions = Sessions.of(date=date, open=opens, close=closes, scheduled=~surprise)
    time = np.arange(opens[2] - 3 * HOUR_NS, closes[-6] + 3 * HOUR_NS, minutes * MINUTE_NS)
    time += int(draw.integers(0, 60)) * MINUTE_NS
    name = NAMES[minutes]
    inside = sessions.inside(time, sessions.dates(time, name), name)
    kept = draw.random(len(time)) < np.where(inside, 0.95, 0.15)
    return Made(sessions, usual, walk(time[kept], name, sessions, seed=seed), minutes)


def same_so_far(past: Bars, whole: Bars, timeframe: str) -> None:
    before, after = resample(past, timeframe), resample(whole, timeframe)
    assert np.array_equal(before.place, after.place[: len(past)])
    if before.bars is not None:
        assert after.bars is not None
        for name, column in before.bars.columns().items():
            assert np.array_equal(column, after.bars.columns()[name][: len(column)]), name


@pytest.mark.parametrize("seed", range(40))
def test_nothing_later_changes_a_higher_bar(seed: int) -> None:
    case = made(seed)
    bars, sessions = case.bars, case.sessions
    for timeframe in HIGHER[case.minutes]:
        for stop in np.random.default_rng(seed).integers(5, len(bars), 5).tolist():
            same_so_far(bars[:stop], bars, timeframe)
            # Closings of which nobody knew before the newest bar was over are not in the table of that moment.
            over = int(bars.time[stop - 1]) + case.minutes * MINUTE_NS
            unknown = ~sessions.scheduled & (sessions.close >= over)
            then = Sessions.of(
                date=sessions.date,
                open=sessions.open,
                close=np.where(unknown, case.usual, sessions.close),
                scheduled=sessions.scheduled | unknown,
            )
            same_so_far(known_by(bars[:stop], then), bars, timeframe)
