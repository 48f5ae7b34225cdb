"""A benchmark of another exchange counts once its own bar has closed, and never before."""

import numpy as np
import pytest

from analysis import Bars, Plan, run
from analysis.alignment import aligned
from analysis.resampling import closes
from analysis.sessions import Sessions
from tests.analysis.exchanges import table, walk

DAY_NS = 86_400_000_000_000
NEW_YORK = table("2023-12-01", "2025-01-15", holidays=("2024-01-15", "2024-02-19", "2024-03-29"))
TOKYO = table(
    *("2023-12-01", "2025-01-15"),
    zone="Asia/Tokyo",
    opens="09:00",
    closes="15:00",
    holidays=("2024-01-01", "2024-01-08", "2024-02-12", "2024-02-23", "2024-03-20"),
)


def some(sessions: Sessions, count: int = 100) -> Sessions:
    return Sessions.of(**{name: np.array(column)[20 : 20 + count] for name, column in sessions.to_dict().items()})


def days(sessions: Sessions, seed: int) -> Bars:
    return walk(some(sessions).date * DAY_NS, "1d", sessions, seed=seed)


BASE, OTHER = days(TOKYO, 1), days(NEW_YORK, 2)


def by_hand(base: Bars, other: Bars) -> list[float]:
    """Return for each bar the newest close of the other since the bar before, looked for one by one."""
    found, before = [], int(closes(base)[0]) - DAY_NS
    for end in closes(base).tolist():
        since = [c for c, at in zip(other.close.tolist(), closes(other).tolist(), strict=True) if before < at <= end]
        found.append(since[-1] if since else float("nan"))
        before = end
    return found


def on(bars: Bars, day: str) -> int:
    return int(np.flatnonzero(bars.time == np.datetime64(day, "ns").astype(np.int64))[0])


def test_tokyo_knows_new_yorks_day_before_and_new_york_tokyos_same() -> None:
    tokyo, york = aligned(OTHER, BASE), aligned(BASE, OTHER)
    assert np.array_equal(tokyo, by_hand(BASE, OTHER), equal_nan=True)
    assert np.array_equal(york, by_hand(OTHER, BASE), equal_nan=True)
    assert tokyo[on(BASE, "2024-01-24")] == OTHER.close[on(OTHER, "2024-01-23")]
    assert tokyo[on(BASE, "2024-01-29")] == OTHER.close[on(OTHER, "2024-01-26")]  # Monday: Friday's
    assert york[on(OTHER, "2024-01-24")] == BASE.close[on(BASE, "2024-01-24")]
    # After a holiday in New York it has nothing to tell, and on one in Tokyo two of its days become one.
    assert np.isnan(tokyo[on(BASE, "2024-01-16")])
    assert tokyo[on(BASE, "2024-02-13")] == OTHER.close[on(OTHER, "2024-02-12")]


def test_equal_closes_belong_to_the_same_bar() -> None:
    same = walk(BASE.time, "1d", TOKYO, seed=5)
    assert np.array_equal(aligned(same, BASE), same.close)


def test_what_is_not_the_same_by_the_stamps_is_by_the_clock() -> None:
    bare = {
        name: Bars(**{column: getattr(bars, column) for column in ("time", "open", "high", "low", "close")},
                   timeframe="1d")
        for name, bars in (("base", BASE), ("other", OTHER))
    }  # fmt: skip
    by_stamp = aligned(bare["other"], bare["base"])
    at = on(BASE, "2024-01-24")
    assert by_stamp[at] == OTHER.close[on(OTHER, "2024-01-24")]
    assert by_stamp[at] != aligned(OTHER, BASE)[at]
    # One side's table is enough: the other's days are over at midnight UTC then.
    assert aligned(bare["other"], BASE)[at] == OTHER.close[on(OTHER, "2024-01-23")]


@pytest.mark.parametrize("text", ["correlation(5)", "beta(5)", "correlation(3)@1w"])
def test_no_later_moment_changes_what_was_known(text: str) -> None:
    """Both series are cut by the clock: what had closed by then, not by the number of bars of each."""
    plan = Plan.parse([text])
    whole = next(iter(run(plan, BASE, benchmark=OTHER).columns.values()))
    assert np.isfinite(whole).sum() > 20
    for stop in range(30, len(BASE)):
        now = int(closes(BASE)[stop - 1])
        seen = int(np.searchsorted(closes(OTHER), now, side="right"))
        past = run(plan, BASE[:stop], benchmark=OTHER[:seen], now_ns=now)
        assert np.array_equal(next(iter(past.columns.values())), whole[:stop], equal_nan=True), stop
