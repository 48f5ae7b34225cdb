"""Signals: the five views traced to their columns, and Wyckoff's phases on a market made by hand."""

from collections.abc import Callable

import numpy as np
import pytest

from analysis import Plan, run
from analysis.arrays import Floats
from analysis.bars import Bars
from analysis.validation.entry_checks import LATER_NS
from tests.analysis.oracles.cases import Case, Expected, Source, case
from tests.analysis.oracles.sources import worked
from tests.analysis.oracles.stepwise import Lines, stepwise
from tests.analysis.shipped import demo
from tests.bars import DAY_NS, FIRST_NS

VOTES = [
    "close", "sma(50)", "sma(200)", "adx", "di", "rsi", "macd", "roc(10)", "schaff_trend_cycle", "atr",
    "pivots_traditional", "mean_range = sma(atr, 100)",
]  # fmt: skip


def traced() -> Source:
    """The five views from the catalogue's own columns, by the rules that the entry states."""

    def load(_folder: object) -> Expected:
        bars = demo("AAPL", 900)
        at = run(Plan.parse(VOTES[1:]), bars, now_ns=LATER_NS)
        sign, close = np.sign, bars.close
        directed = np.where(at["adx"] > 20, sign(at["di.plus"] - at["di.minus"]), 0)
        trend = (sign(close - at["sma(50)"]) + sign(at["sma(50)"] - at["sma(200)"]) + directed) / 3
        momentum = (sign(at["rsi"] - 50) + sign(at["macd.histogram"]) + sign(at["roc(10)"])) / 3
        cycle = sign(np.round(at["schaff_trend_cycle"] - 50, 8))
        half = 0.5 * sign(close - at["pivots_traditional.p"])
        outside = 1.0 * (close > at["pivots_traditional.r1"]) - (close < at["pivots_traditional.s1"])
        levels = np.where(outside != 0, outside, half)
        volatility = 1.0 * (at["atr"] > 1.25 * at["mean_range"]) - (at["atr"] < 0.75 * at["mean_range"])
        decision = (trend + momentum + cycle + levels) / 4
        views = (trend, momentum, cycle, levels)
        agreement = sum(0.25 * ((sign(view) == sign(decision)) & (decision != 0)) for view in views)
        columns = {
            "trend": trend,
            "momentum": momentum,
            "volatility": volatility,
            "cycle": cycle,
            "levels": levels,
            "decision": decision,
            "agreement": agreement,
        }
        return Expected(bars, {name: known(column) for name, column in columns.items()})

    return Source("traced to its columns", load, is_independent=False)


def known(column: Floats) -> Floats:
    """Return the column as it is after the warm-up of 199 bars."""
    return np.where(np.arange(len(column)) < 199, np.nan, column)


def wyckoff(side: int) -> Bars:
    """Eighty quiet bars that fall by 0.1, then climax, rally, test, spring, strength and last support; or turned over.

    A quiet bar opens at p, closes at p − 0.1 and reaches 0.2 beyond both: range 0.5, volume 100 or 110 by turns.
    """
    rows = [(100 - 0.1 * n, 99.9 - 0.1 * n, 100.2 - 0.1 * n, 99.7 - 0.1 * n, 100 + 10 * (n % 2)) for n in range(80)]
    rows.append((92.0, 91.0, 92.1, 89.9, 900))  # 80, climax: range 2.2, low of all, closes at half of it
    rows += [(91.0 + 0.1 * n, 91.1 + 0.1 * n, 91.3 + 0.1 * n, 90.8 + 0.1 * n, 100) for n in range(20)]  # to 93.2
    rows += [(92.0, 91.9, 92.1, 91.8, 100)] * 5
    rows.append((90.5, 90.6, 90.8, 90.1, 200))  # 106, test: within 0.25 of 89.9, a quarter of the volume
    rows += [(91.0, 91.1, 91.3, 90.8, 100)] * 5
    rows.append((90.2, 90.3, 90.5, 89.6, 150))  # 112, spring: 0.3 below the range and back inside at once
    rows += [(91.0 + 0.2 * n, 91.2 + 0.2 * n, 91.3 + 0.2 * n, 90.9 + 0.2 * n, 100) for n in range(5)]
    rows.append((92.5, 94.5, 94.6, 92.4, 400))  # 118, strength: up by 2, closes above 93.2
    rows.append((94.5, 94.6, 94.8, 94.3, 120))
    rows.append((94.4, 94.3, 94.5, 94.0, 60))  # 120, last support: a lower low on little volume, high in the range
    rows += [(94.3, 94.4, 94.6, 94.2, 100)] * 4
    table = np.array(rows, np.float64)
    open_, close, high, low = (table[:, at] if side > 0 else 200 - table[:, at] for at in range(4))
    return Bars(
        time=FIRST_NS + DAY_NS * np.arange(len(table), dtype=np.int64),
        open=open_,
        high=np.maximum(high, low),
        low=np.minimum(high, low),
        close=close,
        volume=np.ascontiguousarray(table[:, 4]),
        timeframe="1d",
    )


def expected(side: int) -> dict[str, list[float]]:
    """Return event, phase and confidence from bar 79 on."""
    events = {80: 1, 100: 2, 106: 3, 112: 4, 118: 5, 120: 6}
    sure = [0.0] * 80 + [0.3] * 20 + [0.4] * 6 + [0.6] * 12 + [0.8] * 2 + [1.0] * 5
    inside, outside = (1.0, 2.0) if side > 0 else (3.0, 4.0)
    phase = [0.0] * 80 + [inside] * 38 + [outside] * 7
    return {
        "event": [float(side * events.get(bar, 0)) for bar in range(79, 125)],
        "phase": phase[79:],
        "confidence": sure[79:],
    }


def dow() -> Source:
    """Swings told by looking at five bars on either side, and the last two of each kind that are known."""

    def derive(bars: Bars) -> Lines:
        high, low, found = bars.high.tolist(), bars.low.tolist(), []
        tops: list[float] = []
        bottoms: list[float] = []
        for at in range(len(bars)):
            middle = at - 5
            if middle >= 5:
                before, after = slice(middle - 5, middle), slice(middle + 1, at + 1)
                if max(high[before]) < high[middle] >= max(high[after]):
                    tops.append(high[middle])
                if min(low[before]) > low[middle] <= min(low[after]):
                    bottoms.append(low[middle])
            if len(tops) < 2 or len(bottoms) < 2:
                found.append(None)
            else:
                up, down = tops[-1] > tops[-2], tops[-1] < tops[-2]
                higher, lower = bottoms[-1] > bottoms[-2], bottoms[-1] < bottoms[-2]
                found.append(1.0 if up and higher else -1.0 if down and lower else 0.0)
        return {"value": found}

    return stepwise(derive, second="Murphy, Technical Analysis of the Financial Markets (1999), ch. 4")


SCHEMATIC = "StockCharts ChartSchool, The Wyckoff Method (the order of the events)"
CASES = [
    case("five_dimensions", traced()),
    case("dow_trend", dow()),
    case("market_phase", worked(SCHEMATIC, wyckoff(1), **expected(1))),
    case("market_phase", worked(SCHEMATIC, wyckoff(-1), **expected(-1))),
]


@pytest.mark.parametrize("one", CASES, ids=str)
def test_signals_agree_with_what_they_state(one: Case, oracle: Callable[[Case], None]) -> None:
    oracle(one)


def test_dows_trend_needs_higher_highs_and_higher_lows() -> None:
    legs = [(50.0 + 5 * n, 60.0 + 5 * n, 55.0 + 5 * n) for n in range(6)]
    up = np.concatenate([np.concatenate([np.linspace(a, b, 10), np.linspace(b, c, 10)]) for a, b, c in legs])
    for closes, trend in ((up, 1.0), (200 - up, -1.0)):
        time = FIRST_NS + DAY_NS * np.arange(len(closes), dtype=np.int64)
        bars = Bars(
            time=time, open=closes, high=closes + 0.1, low=closes - 0.1, close=closes, timeframe="1d", volume=closes
        )
        dow = run(Plan.parse(["market_phase"]), bars, now_ns=LATER_NS)["market_phase.dow"]
        assert np.isnan(dow[:40]).all()
        assert (dow[60:] == trend).all()


def test_dows_trend_has_a_value_on_every_bar_after_two_swings_of_each_kind() -> None:
    for symbol in ("AAPL", "IXIC"):
        result = run(Plan.parse(["dow_trend", "market_phase"]), demo(symbol, 1_500), now_ns=LATER_NS)
        trend = result["dow_trend"]
        first = int(np.flatnonzero(~np.isnan(trend))[0])
        assert first < 100
        assert set(trend[first:]) == {-1.0, 0.0, 1.0}
        assert np.array_equal(trend[20:], result["market_phase.dow"][20:], equal_nan=True)


def test_the_market_phase_says_that_it_goes_and_what_to_ask_for() -> None:
    quality = run(Plan.parse(["market_phase", "dow_trend"]), demo("AAPL", 300), now_ns=LATER_NS).quality
    said = {note["entry"]: note["detail"] for note in quality if note["code"] == "deprecated"}
    assert set(said) == {"market_phase"}
    assert "dow_trend" in said["market_phase"]
    assert "wyckoff_" in said["market_phase"]
