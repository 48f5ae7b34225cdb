"""Bands about the average price that was paid, and volume by its side: against others, or step by step."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from analysis import Plan, run
from analysis.bars import Bars
from analysis.validation import series
from tests.analysis.oracles.cases import Case, Expected, Source, case
from tests.analysis.oracles.sources import pandas_ta
from tests.analysis.oracles.stepwise import Lines, numbers, stepwise
from tests.analysis.shipped import demo


def weighted(months: int) -> Source:
    """statsmodels' weighted mean and deviation of typical prices, volume their weights, since the month began."""

    def load(_folder: Path) -> Expected:
        from statsmodels.stats.weightstats import DescrStatsW

        bars = demo("AAPL", 700)
        assert bars.volume is not None
        month = bars.time.astype("datetime64[ns]").astype("datetime64[M]").astype(int) // months
        typical = (bars.high + bars.low + bars.close) / 3
        lines = np.full((3, len(bars)), np.nan)
        for at in range(len(bars) - 150, len(bars)):
            begin = int(np.searchsorted(month, month[at]))
            of = DescrStatsW(typical[begin : at + 1], weights=bars.volume[begin : at + 1], ddof=0)
            lines[:, at] = of.mean + 2 * of.std, of.mean, of.mean - 2 * of.std
        return Expected(bars, dict(zip(("upper", "middle", "lower"), lines, strict=True)), absolute=1e-9)

    return Source("statsmodels", load)


def steps_of_the_line(source: Source) -> Source:
    """The bars' own part of an accumulation/distribution line."""

    def load(folder: Path) -> Expected:
        expected = source.load(folder)
        (line,) = expected.columns.values()
        return Expected(expected.bars, {"delta": np.diff(line)}, 1e-8)

    return Source(source.name, load)


def split(bars: Bars) -> Lines:
    """Of the volume as much was bought as the close is above the low, and as much sold as it is below the high."""
    assert bars.volume is not None
    rows = list(zip(bars.high.tolist(), bars.low.tolist(), bars.close.tolist(), bars.volume.tolist(), strict=True))
    bought = [volume * (close - low) / (high - low) for high, low, close, volume in rows]
    sold = [volume * (high - close) / (high - low) for high, low, close, volume in rows]
    return {"delta": [a - b for a, b in zip(bought, sold, strict=True)], "buying": bought, "selling": sold}


def by_close(bars: Bars) -> Lines:
    """The volume of the last fifty bars on higher closes, that on lower ones, and the one over the other."""
    assert bars.volume is not None
    close, volume = bars.close.tolist(), bars.volume.tolist()
    up, down = [], []
    for at in range(50, len(close)):
        bars_of = range(at - 49, at + 1)
        up.append(sum(volume[day] for day in bars_of if close[day] > close[day - 1]))
        down.append(sum(volume[day] for day in bars_of if close[day] < close[day - 1]))
    return {"ratio": [a / b for a, b in zip(up, down, strict=True)], "up": up, "down": down}


def in_pandas(_folder: Path) -> Expected:
    """pandas' rolling sums of volume where the close's difference is above zero and where it is below."""
    import pandas as pd

    bars = demo("AAPL", 700)
    change, volume = pd.Series(bars.close).diff(), pd.Series(bars.volume)
    up, down = (volume.where(one, 0.0)[1:].rolling(50).sum() for one in (change > 0, change < 0))
    columns = {"ratio": up / down, "up": up, "down": down}
    return Expected(bars, {name: numbers(column.tolist()) for name, column in columns.items()})


CASES = [
    case("vwap_bands", weighted(1), anchor="month", deviations=2.0),
    case("vwap_bands", weighted(3), anchor="quarter", deviations=2.0),
    case("volume_delta_estimate", steps_of_the_line(pandas_ta("ad", given="high low close volume", delta=0))),
    case("volume_delta_estimate", stepwise(split)),
    case("up_down_volume", Source("pandas", in_pandas)),
    case("up_down_volume", stepwise(by_close)),
]  # fmt: skip


@pytest.mark.parametrize("one", CASES, ids=str)
def test_it_agrees_with_others(one: Case, oracle: Callable[[Case], None]) -> None:
    oracle(one)


@pytest.mark.parametrize("bars", [series.intraday(200), series.exchange(200), series.rough(200)])
@pytest.mark.parametrize("anchor", ["session", "week", "year"])
def test_the_middle_of_the_bands_is_the_anchored_average(bars: Bars, anchor: str) -> None:
    found = run(Plan.parse([f"x = vwap_bands(anchor={anchor})", f"y = anchored_vwap(anchor={anchor})"]), bars)
    assert np.array_equal(found["x.middle"], found["y"], equal_nan=True)


def test_a_price_that_hardly_moves_has_a_width_all_the_same() -> None:
    """A mean square less a squared mean would be zero, or less: of a hundred thousand it keeps no millionths."""
    close = 1e5 + 1e-6 * np.array([0.0, 1.0, 0.0, 1.0])
    still = series.flat(4, 1e5)
    bars = series.changed(still, open=close, high=close, low=close, close=close, session=np.zeros(4, dtype=np.int64))
    upper, middle = (run(Plan.parse(["vwap_bands"]), bars)[f"vwap_bands.{name}"] for name in ("upper", "middle"))
    assert (upper - middle)[-1] == pytest.approx(5e-7, rel=1e-3)
