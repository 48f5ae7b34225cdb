"""Entries that other files here only work out: held against a program that somebody else wrote."""

import json
from collections.abc import Callable
from math import log, sqrt
from pathlib import Path

import numpy as np
import pytest

from analysis import Plan, run
from analysis.arrays import Floats
from analysis.bars import Bars
from analysis.kernels.jit import jit
from analysis.kernels.renko import renko
from analysis.kernels.talib import ta
from analysis.validation import series
from analysis.validation.entry_checks import LATER_NS
from tests.analysis.oracles.cases import SHARED, Case, Expected, Source, case
from tests.analysis.oracles.sources import GOLDEN, csv_bars, lean, pandas_ta, skender, talipp, tulip
from tests.analysis.oracles.stepwise import numbers, talib
from tests.analysis.shipped import ROOT, demo

TWENTY, MAGNIFIED = {"length": 20}, 100 * sqrt(252)
SEED = "its averages are seeded at another bar; compared when the seed is forgotten"
Made = Callable[[Bars], dict[str, Floats]]


def in_pandas(made: Made) -> Source:
    """What pandas' own windows come to on the shipped AAPL series."""

    def load(_folder: Path) -> Expected:
        bars = demo("AAPL", 700)
        return Expected(bars, made(bars))

    return Source("pandas", load)


def changed(source: Source, by: Callable[[Floats], Floats]) -> Source:
    """The same source of another unit."""

    def load(folder: Path) -> Expected:
        found = source.load(folder)
        columns = {name: by(column) for name, column in found.columns.items()}
        return Expected(found.bars, columns, found.relative, found.absolute, found.benchmark)

    return Source(source.name, load, source.folder)


def beside(source: Source, second: str) -> Source:
    """The same source with its second series."""

    def load(folder: Path) -> Expected:
        found = source.load(folder)
        return Expected(found.bars, found.columns, found.relative, found.absolute, csv_bars(folder / second))

    return Source(source.name, load, source.folder)


def ranked(bars: Bars) -> dict[str, Floats]:
    """The rank of a value among 101, of equals the highest, without itself."""
    import pandas as pd

    return {"value": (pd.Series(bars.close).rolling(101).rank(method="max") - 1).to_numpy()}


def regressed(bars: Bars) -> dict[str, Floats]:
    """The covariance of twenty returns with the second series' over the variance of those."""
    import pandas as pd

    other = series.companion(bars)
    theirs = pd.Series(other.close, other.time).reindex(bars.time).pct_change(fill_method=None)
    mine = pd.Series(bars.close, bars.time).pct_change(fill_method=None)
    return {"value": (mine.rolling(20).cov(theirs) / theirs.where(mine.notna()).rolling(20).var()).to_numpy()}


def of_ranges(bars: Bars) -> dict[str, Floats]:
    """TA-Lib's mean of the ranges."""
    return {"value": ta.SMA(bars.high - bars.low, 14)}


def estimated(estimator: str) -> Made:
    """The estimators as R's TTR documents them (volatility), in pandas."""

    def made(bars: Bars) -> dict[str, Floats]:
        import pandas as pd

        o, h, low, c = (np.log(pd.Series(getattr(bars, name))) for name in ("open", "high", "low", "close"))
        satchell = ((h - c) * (h - o) + (low - c) * (low - o)).rolling(20).sum() / 20
        klass = (0.5 * (h - low) ** 2 - (2 * log(2) - 1) * (c - o) ** 2).rolling(20).sum() / 20
        k = (1.34 - 1) / (1.34 + (20 + 1) / (20 - 1))
        variance = {
            "parkinson": ((h - low) ** 2).rolling(20).sum() / (4 * 20 * log(2)),
            "garman_klass": klass,
            "rogers_satchell": satchell,
            "yang_zhang": (o - c.shift()).rolling(20).var() + k * (c - o).rolling(20).var() + (1 - k) * satchell,
        }[estimator]
        return {"value": (MAGNIFIED * variance**0.5).to_numpy()}

    return made


def halved(_folder: Path) -> Expected:
    """talipp's cycle, smoothed by exponential averages of three: by halves."""
    from talipp.indicators import STC
    from talipp.ma import MAType

    bars = demo("AAPL", 700)
    return Expected(bars, {"value": numbers(list(STC(23, 50, 10, 3, bars.close.tolist(), stoch_ma_type=MAType.EMA)))})


def turned_over() -> Source:
    """Tulip's NVI of volumes turned over: what falls there rises here."""
    plain = tulip("untest", "nvi", "value", inputs="close volume")

    def load(folder: Path) -> Expected:
        found = plain.load(folder)
        return Expected(
            series.changed(found.bars, volume=1.0 / np.asarray(found.bars.volume)), found.columns, 1e-9, found.absolute
        )

    return Source("Tulip, its NVI of the volume turned over", load, f"{SHARED}oracles/tulip")


CASES = [
    case("mcginley", lean("spy_with_McGinleyDynamic.csv.gz", 1e-9, value="McGinleyDynamic14")),
    case("mcginley", talipp("McGinleyDynamic", 14, inputs="close", value="")),
    case("macdext", talib("MACDEXT", 12, 0, 26, 0, 9, 0, inputs="close", outputs="macd signal histogram")),
    case("correlation", beside(skender("corr", value="correlation"), "compare.csv.gz")),
    case("beta", in_pandas(regressed), period=20),
    case("percent_rank", in_pandas(ranked)),
    case("z_score", changed(pandas_ta("zscore", given="close", options=TWENTY, value=0), lambda z: z * sqrt(20 / 19))),
    case(
        "detrended_price",
        pandas_ta("dpo", given="close", options={"length": 21, "centered": False}, value=0),
    ),
    case("market_facilitation", pandas_ta("marketfi", given="high low volume", value=0)),
    case("average_daily_range", Source("TA-Lib", lambda _: Expected(demo("AAPL", 700), of_ranges(demo("AAPL", 700))))),
    case("historical_volatility", pandas_ta("hvol", given="close", value=0)),
    case(
        "historical_volatility",
        changed(talipp("RogersSatchell", 20, value=""), lambda deviation: MAGNIFIED * deviation),
        estimator="rogers_satchell",
    ),
    *(
        case("historical_volatility", in_pandas(estimated(one)), estimator=one)
        for one in ("parkinson", "garman_klass", "rogers_satchell", "yang_zhang")
    ),
    case("schaff_trend_cycle", Source("talipp", halved), after=200, why=SEED),
    case("pvi", turned_over()),
]


@pytest.mark.parametrize("one", CASES, ids=str)
def test_it_agrees_with_another_program(one: Case, oracle: Callable[[Case], None]) -> None:
    oracle(one)


def test_the_price_momentum_oscillator_is_that_of_stock_indicators_unit_test() -> None:
    """At bar 92 it prints 0.6159 and 0.5582, at 501 −2.7016 and −2.3117."""
    result = run(Plan.parse(["pmo"]), csv_bars(ROOT / GOLDEN / "skender" / "default.csv.gz"), now_ns=LATER_NS)
    assert result["pmo.pmo"][[92, 501]] == pytest.approx([0.6159, -2.7016], abs=5.1e-5)
    assert result["pmo.signal"][[92, 501]] == pytest.approx([0.5582, -2.3117], abs=5.1e-5)


def test_beta_is_that_of_stock_indicators_unit_test() -> None:
    """Of twenty, the last of 502 bars: 1.5123."""
    bars, market = (csv_bars(ROOT / GOLDEN / "skender" / name) for name in ("compare.csv.gz", "default.csv.gz"))
    found = run(Plan.parse(["beta(20)"]), bars, benchmark=market, now_ns=LATER_NS)["beta(period=20)"]
    assert found[-1] == pytest.approx(1.5123, abs=5.1e-5)


def test_bricks_are_those_of_stock_indicators() -> None:
    """Its own of one size, the last ATR of SPY from the first close on; ours has the first ATR from its own bar on."""
    bricks = json.loads((ROOT / GOLDEN / "skender" / "renko-atr.standard.json").read_text())
    bars = csv_bars(ROOT / GOLDEN / "skender" / "default.csv.gz")
    size = bricks[0]["close"] - bricks[0]["open"]
    opens, closes, directions, made = jit[renko](bars.close, np.full(len(bars), size))
    walls: list[tuple[float, float]] = []
    for at in np.flatnonzero(made != 0):
        step = size * directions[at]
        last = [(opens[at] - step * back, closes[at] - step * back) for back in range(int(abs(made[at])))]
        walls += reversed(last)
    assert len(walls) == len(bricks) > 10
    assert walls == [(pytest.approx(one["open"]), pytest.approx(one["close"])) for one in bricks]
