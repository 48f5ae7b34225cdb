"""Levels from scipy's extrema and TA-Lib's ATR, the rule of what joins, stands and breaks worked out bar by bar.

No library has this rule: those that draw levels join pivots by percent or by clusters over all bars, which looks ahead.
So the pivots and the range that it is measured in are of other programs, and only what Murphy describes is worked out.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pytest

from analysis.bars import Bars
from analysis.kernels.talib import ta
from tests.analysis.oracles.cases import Case, Source, case
from tests.analysis.oracles.stepwise import Lines, stepwise
from tests.analysis.shipped import demo

PERIOD = 14
BEYOND = 0.25  # ATR
SECOND = "scipy's extrema and TA-Lib's ATR"


@dataclass
class Level:
    """Turns at about one price, each with its bar, its price and whether it is known; and whether it still stands."""

    turns: list[tuple[int, float]] = field(default_factory=list)
    stands: bool = True


def extremes(bars: Bars, side: int, reach: int) -> list[int]:
    """Return the highs (side 1) or lows (−1) that scipy finds among `reach` bars on both sides, of equals the first."""
    from scipy.signal import argrelextrema

    prices = side * (bars.high if side > 0 else bars.low)
    found = argrelextrema(prices, np.greater_equal, order=reach)[0].tolist()
    inner = [bar for bar in found if reach <= bar < len(prices) - reach and bar >= PERIOD]
    return [bar for bar in inner if prices[bar - reach : bar].max() < prices[bar]]


def standing(side: int, reach: int, touches: int, near: float, lookback: int, bars: Bars) -> list[list[Level]]:
    """Return the levels that stand after each bar, each as it was then."""
    turns = extremes(bars, side, reach)
    prices = (side * (bars.high if side > 0 else bars.low)).tolist()
    close, atr = (side * bars.close).tolist(), ta.ATR(bars.high, bars.low, bars.close, PERIOD).tolist()
    known: list[int] = []
    levels: list[Level] = []
    told = []
    for now in range(len(bars)):
        if now - reach in turns:
            last = now - reach
            slack = near * atr[last]
            alike = [
                turn
                for turn in known
                if last - turn <= lookback
                and abs(prices[turn] - prices[last]) <= slack
                and max(close[turn + 1 : now + 1]) <= prices[last] + slack
            ]
            known.append(last)
            owners = [one for turn in reversed(alike) for one in levels if (turn, prices[turn]) in one.turns]
            if owners:
                owners[0].turns.append((last, prices[last]))
            elif len(alike) + 1 >= touches:
                levels.append(Level([(turn, prices[turn]) for turn in [*alike, last]]))
        for one in levels:
            made = max(turn for turn, _ in one.turns[:touches])
            outermost = max(price for _, price in one.turns)
            is_new = now == one.turns[-1][0] + reach and one.turns[-1][0] == made
            is_broken = close[now] >= outermost + BEYOND * atr[now]
            if not is_new and (is_broken or now - one.turns[-1][0] > lookback):
                one.stands = False
        told.append([Level(list(one.turns)) for one in levels if one.stands])
    return told


def worked_out(reach: int = 5, touches: int = 3, near: float = 0.5, lookback: int = 250) -> Source:
    """Return what the rule comes to on the shipped series."""

    def derive(bars: Bars) -> Lines:
        lines: dict[str, list[float | None]] = {}
        for side, name in ((-1, "support"), (1, "resistance")):
            close, found = (side * bars.close).tolist(), standing(side, reach, touches, near, lookback, bars)
            reachable = [[(max(price for _, price in one.turns), len(one.turns)) for one in levels] for levels in found]
            nearest = [
                min((pair for pair in pairs if pair[0] >= close[bar]), default=None, key=lambda pair: pair[0])
                for bar, pairs in enumerate(reachable)
            ]
            lines[name] = [None if pair is None else side * pair[0] for pair in nearest]
            lines[f"{name}_touches"] = [None if pair is None else pair[1] for pair in nearest]
        return lines

    return stepwise(derive, demo("IBM", 1_500), second=SECOND)


CASES = [
    case("swing_levels", worked_out()),
    case("swing_levels", worked_out(reach=3, touches=2), left=3, right=3, touches=2),
    case("swing_levels", worked_out(near=1.0, lookback=60), tolerance_atr=1.0, lookback=60),
]


@pytest.mark.parametrize("one", CASES, ids=str)
def test_levels_agree_with_what_is_worked_out(one: Case, oracle: Callable[[Case], None]) -> None:
    oracle(one)
