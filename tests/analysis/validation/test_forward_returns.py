"""Returns after a state and after an event are those of who trades at the next open, and are held against any bar's."""

import numpy as np
import pytest

from analysis import Plan, run
from analysis.validation import series
from analysis.validation.entry_checks import LATER_NS
from analysis.validation.forward_returns import ANY, HORIZON, LEAST, STATES, forward_returns, what_came_after
from analysis.validation.quarters import CHANCE, DIFFERENT
from tests.analysis.shipped import demo


def test_a_return_is_from_the_next_open_to_the_close_at_the_horizon() -> None:
    bars = demo("AAPL", 60)
    found = forward_returns(bars, 20)
    assert len(found) == 40
    assert found[0] == pytest.approx(100 * np.log(bars.close[20] / bars.open[1]))
    assert found[-1] == pytest.approx(100 * np.log(bars.close[59] / bars.open[40]))
    assert len(forward_returns(demo("AAPL", 15), 20)) == 0


def test_each_bar_is_of_one_state_and_the_means_are_of_their_bars() -> None:
    several = [demo(symbol, 1_500) for symbol in ("AAPL", "IBM")]
    rows = {row.name: row for row in what_came_after(several)}
    assert rows[ANY].bars == sum(len(bars) - HORIZON for bars in several)
    unknown = 0
    returns: dict[float, list[float]] = {state: [] for state in STATES}
    for bars in several:
        trend = run(Plan.parse(["dow_trend"]), bars, now_ns=LATER_NS)["dow_trend"][:-HORIZON]
        unknown += int(np.isnan(trend).sum())
        for state, values in returns.items():
            values += forward_returns(bars, HORIZON)[trend == state].tolist()
    assert sum(rows[name].bars for name in STATES.values()) + unknown == rows[ANY].bars
    for state, name in STATES.items():
        assert rows[name].bars == len(returns[state])
        assert rows[name].mean == pytest.approx(np.mean(returns[state]), rel=0.01)
        ends, mean = rows[name].ends, rows[name].mean
        assert ends is not None
        assert mean is not None
        assert ends[0] < mean < ends[1]


def test_events_are_counted_on_the_bars_that_confirm_them_and_a_few_have_no_interval() -> None:
    several = [demo(symbol, 3_000) for symbol in ("AAPL", "IBM", "SPX")]
    rows = {row.name: row for row in what_came_after(several)}
    events = [event for bars in several for event in run(Plan.parse(["wyckoff"]), bars, now_ns=LATER_NS).events]
    names = [name for name in rows if name.startswith("wyckoff_")]
    assert len(names) == 11
    assert 0 <= len(events) - sum(rows[name].bars for name in names) <= 3 * len(several)  # the last bars have no return
    few = [row for row in rows.values() if row.bars < LEAST]
    assert few
    assert {(row.ends, row.beyond, row.verdict) for row in few} == {(None, None, None)}


def test_a_trend_that_says_nothing_is_no_different_from_chance_and_one_that_does_is_told() -> None:
    walks = [series.walk(4_000, seed) for seed in range(4)]
    assert {row.verdict for row in what_came_after(walks) if row.name in STATES.values()} == {CHANCE}
    kept = []
    for seed in range(4):
        rng = np.random.default_rng(seed)
        drift = np.repeat(rng.permutation([-0.01, 0.01] * 8), 250)  # trends of a year
        close = 100 * np.exp(np.cumsum(drift + rng.normal(0, 0.02, 4_000)))
        before = np.concatenate(([100.0], close[:-1]))
        high, low = np.maximum(before, close), np.minimum(before, close)
        kept.append(series.changed(series.walk(4_000, seed), open=before, high=high, low=low, close=close))
    found = {row.name: row for row in what_came_after(kept)}
    up, down = found[STATES[1.0]], found[STATES[-1.0]]
    assert (up.verdict, down.verdict) == (DIFFERENT, DIFFERENT)
    assert up.mean is not None
    assert down.mean is not None
    assert up.mean > 0 > down.mean
