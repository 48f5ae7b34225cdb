"""Fast stochastics, averaged rates of change, Elder's, Ehlers's and Connors's oscillators against others.

Where nobody else computes an entry, its published definition is worked out bar by bar in plain Python here.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from analysis.arrays import Bools
from analysis.bars import Bars
from tests.analysis.oracles.cases import Case, Expected, Source, case
from tests.analysis.oracles.sources import lean, pandas_ta, skender, talipp, tulipy
from tests.analysis.oracles.stepwise import mean, numbers, stepwise, talib
from tests.analysis.shipped import demo

ZERO_SEED = "pandas-ta-classic seeds both averages with the first position, we with 50"
FISHER_SEED = "pandas-ta-classic begins one bar later, with 0"
LEAN_KST = {"roc_1": 5, "roc_2": 10, "roc_3": 15, "roc_4": 25, "average_1": 5, "average_2": 5, "average_3": 5}
LEAN_KST |= {"average_4": 10, "signal_period": 9}


def known(source: Source, where: Callable[[Bars], Bools]) -> Source:
    """Return the source with what it says elsewhere left out."""

    def load(folder: Path) -> Expected:
        expected = source.load(folder)
        keep = where(expected.bars)
        columns = {name: np.where(keep, column, np.nan) for name, column in expected.columns.items()}
        return Expected(expected.bars, columns, expected.relative, expected.absolute)

    return Source(source.name, load, source.folder, source.is_independent)


def _untied(bars: Bars) -> Bools:
    """Skender ranks among the 100 changes before only those that are lower; where none is equal, all agree."""
    change = np.diff(bars.close) / bars.close[:-1]
    keep = np.zeros(len(bars), dtype=np.bool_)
    for at in range(100, len(change)):
        keep[at + 1] = not (change[at - 100 : at] == change[at]).any()
    return keep


def _long_after_a_pause(bars: Bars) -> Bools:
    """Lean lets a streak go on over an unchanged close, TradingView and Connors set it to zero; 60 bars forget it."""
    place = np.arange(len(bars))
    paused = np.concatenate(([False], np.diff(bars.close) == 0))
    return place - np.maximum.accumulate(np.where(paused, place, -60)) >= 60


def _accelerator(_folder: Path) -> Expected:
    """talipp's awesome oscillator less talipp's simple average of it."""
    from talipp.indicators import AO, SMA
    from talipp.ohlcv import OHLCVFactory

    bars = demo("AAPL", 700)
    names = ("open", "high", "low", "close", "volume")
    awesome = list(AO(5, 34, OHLCVFactory.from_dict({name: getattr(bars, name).tolist() for name in names})))
    known = [value for value in awesome if value is not None]
    less = [None if now is None else value - now for value, now in zip(known, SMA(5, known), strict=True)]
    return Expected(bars, {"value": numbers([None] * (len(awesome) - len(known)) + less)})


def _pmo(bars: Bars) -> dict[str, Sequence[float | None]]:
    """StockCharts: a custom average is (value − before) × 2/n + before; PMO = 20 of (10 × 35 of the change)."""
    close = bars.close.tolist()

    def custom(values: list[float], period: int, weight: float) -> list[float]:
        smooth = [mean(values[:period])]
        for value in values[period:]:
            smooth.append((value - smooth[-1]) * weight + smooth[-1])
        return smooth

    change = [(now / before - 1) * 100 for before, now in pairwise(close)]
    line = custom([10 * value for value in custom(change, 35, 2 / 35)], 20, 2 / 20)
    return {"pmo": line, "signal": custom(line, 10, 2 / 11)}


def _intraday_momentum(bars: Bars) -> dict[str, Sequence[float | None]]:
    """Chande and Kroll: 100 × gains / (gains + losses), a bar's gain or loss being from its open to its close."""
    body = (bars.close - bars.open).tolist()
    values = []
    for end in range(14, len(body) + 1):
        last = body[end - 14 : end]
        gains = sum(one for one in last if one > 0)
        losses = sum(-one for one in last if one < 0)
        values.append(100 * gains / (gains + losses))
    return {"value": values}


def _kdj(bars: Bars) -> dict[str, Sequence[float | None]]:
    """K = 2/3 × K before + 1/3 × RSV, D = 2/3 × D before + 1/3 × K, both 50 before the first; J = 3K − 2D."""
    k = d = 50.0
    lines: dict[str, list[float | None]] = {"k": [], "d": [], "j": []}
    for end in range(9, len(bars) + 1):
        top, bottom = max(bars.high[end - 9 : end]), min(bars.low[end - 9 : end])
        k = 2 / 3 * k + (bars.close[end - 1] - bottom) / (top - bottom) * 100 / 3
        d = 2 / 3 * d + k / 3
        for name, value in zip(lines, (k, d, 3 * k - 2 * d), strict=True):
            lines[name].append(float(value))
    return dict(lines)


CASES = [
    case("stochastic_fast", pandas_ta("stochf", given="high low close", options={"fastk": 14, "fastd": 3}, k=0, d=1)),
    case("kdj", stepwise(_kdj)),
    case("kdj", pandas_ta("kdj", given="high low close", k=0, d=1, j=2), after=120, why=ZERO_SEED),
    case("kst", talipp("KST", 10, 10, 15, 10, 20, 10, 30, 15, 9, inputs="close", kst="kst", signal="signal")),
    case("kst", lean("spy_with_kst.csv.gz", 1e-9, kst="kst", signal="signal"), **LEAN_KST),
    case("coppock", talipp("CoppockCurve", 11, 14, 10, inputs="close", value="")),
    case("coppock", lean("spy_coppock_curve.csv.gz", 1e-9, value="CoppockCurve")),
    case("pmo", stepwise(_pmo, second="two bars that Stock.Indicators' unit test prints (test_second_programs)")),
    case("apo", pandas_ta("apo", given="close", options={"mamode": "ema"}, value=0)),
    case("accelerator", Source("talipp", _accelerator)),
    case("elder_ray", skender("elder-ray", bull="bullPower", bear="bearPower"), period=13),
    case("elder_ray", pandas_ta("eri", given="high low close", bull=0, bear=1), period=13),
    case("fisher", tulipy(fisher="fisher_val"), period=9),
    case("fisher", pandas_ta("fisher", given="high low", fisher=0, signal=1), period=9, after=80, why=FISHER_SEED),
    case("connors_rsi", known(skender("crsi", value="connorsRsi"), _untied)),
    case("connors_rsi", known(lean("spy_crsi.csv.gz", 1e-9, value="crsi"), _long_after_a_pause)),
    case("intraday_momentum_index", talib("IMI", 14, inputs="open close")),
    case("intraday_momentum_index", stepwise(_intraday_momentum)),
]  # fmt: skip


@pytest.mark.parametrize("one", CASES, ids=str)
def test_momentum_oscillators_agree_with_others(one: Case, oracle: Callable[[Case], None]) -> None:
    oracle(one)
