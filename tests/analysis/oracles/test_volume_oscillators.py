"""Relative volume, volume's oscillators and indexes against others; in plain Python where nobody else computes them."""

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import pytest

from analysis.bars import Bars
from analysis.validation import series
from tests.analysis.oracles.cases import Case, case
from tests.analysis.oracles.sources import pandas_ta, skender, talipp, tulip, worked
from tests.analysis.oracles.stepwise import mean, stepwise, talib

KLINGER_SEED = "pandas-ta-classic begins one bar earlier, with a sign of 1 for the first bar; 600 bars forget it"


def _volumes(*volumes: float) -> Bars:
    return series.changed(series.flat(len(volumes)), volume=np.array(volumes))


def _exponential(values: Sequence[float], period: int) -> list[float | None]:
    smooth: list[float | None] = [None] * (period - 1)
    last = mean(values[:period])
    smooth.append(last)
    for value in values[period:]:
        last += (value - last) * 2 / (period + 1)
        smooth.append(last)
    return smooth


def _klinger(bars: Bars) -> dict[str, Sequence[float | None]]:
    """TradingView: sv = volume, negative where hlc3 fell; EMA 34 − EMA 55 of sv, and an EMA of 13."""
    typical = ((bars.high + bars.low + bars.close) / 3).tolist()
    forced = [
        volume if now - before >= 0 else -volume
        for (before, now), volume in zip(pairwise(typical), bars.volume.tolist()[1:], strict=True)
    ]
    pairs = zip(_exponential(forced, 34), _exponential(forced, 55), strict=True)
    line = [fast - slow for fast, slow in pairs if fast is not None and slow is not None]
    return {"kvo": line, "signal": _exponential(line, 13)}


def _weighted_macd(bars: Bars) -> dict[str, Sequence[float | None]]:
    """Dormeier: volume-weighted means of 12 and 26 closes, and an exponential average of 9 of their difference."""
    close, volume = bars.close.tolist(), bars.volume.tolist()

    def weighted(end: int, period: int) -> float:
        last = range(end - period, end)
        return sum(close[at] * volume[at] for at in last) / sum(volume[at] for at in last)

    line = [weighted(end, 12) - weighted(end, 26) for end in range(26, len(bars) + 1)]
    signal = _exponential(line, 9)
    histogram = [None if late is None else now - late for now, late in zip(line, signal, strict=True)]
    return {"macd": line, "signal": signal, "histogram": histogram}


def _positive_volume(bars: Bars) -> dict[str, Sequence[float | None]]:
    """Fosback: where volume rose, PVI = PVI before × (1 + the close's relative change), else PVI before."""
    values = [1000.0]
    for (before, now), (less, more) in zip(pairwise(bars.close.tolist()), pairwise(bars.volume.tolist()), strict=True):
        values.append(values[-1] * (1 + (now - before) / before) if more > less else values[-1])
    return {"value": values}


def _negative_volume(bars: Bars) -> dict[str, Sequence[float | None]]:
    """Fosback: as the positive volume index, where volume fell."""
    return _positive_volume(series.changed(bars, volume=1 / bars.volume))


CASES = [
    case("relative_volume", talib("RVOL", 10, inputs="volume")),
    # 300 / mean(100, 200) = 2; 500 / mean(200, 300) = 2; 100 / mean(300, 500) = 0.25; 600 / mean(500, 100) = 2
    case(
        "relative_volume",
        worked("TA-Lib's RVOL (above)", _volumes(100, 200, 300, 500, 100, 600), value=[2, 2, 0.25, 2]),
        period=2,
    ),
    case("pvo", skender("pvo", pvo="pvo", signal="signal", histogram="histogram")),
    case("pvo", pandas_ta("pvo", given="volume", pvo=0, histogram=1, signal=2)),
    case("ease_of_movement", talipp("EMV", 14, 10_000, value="")),
    case("ease_of_movement", pandas_ta("eom", given="high low close volume", options={"divisor": 10_000}, value=0)),
    case("nvi", tulip("atoz", "nvi", "value", inputs="close volume")),
    case("nvi", tulip("untest", "nvi", "value", inputs="close volume")),
    case("nvi", stepwise(_negative_volume)),
    case("pvi", stepwise(_positive_volume)),
    case("klinger", pandas_ta("kvo", given="high low close volume", kvo=0, signal=1), after=650, why=KLINGER_SEED),
    case("klinger", stepwise(_klinger)),
    case("volume_weighted_macd", pandas_ta("vwmacd", given="close volume", macd=0)),
    case("volume_weighted_macd", stepwise(_weighted_macd)),
]  # fmt: skip


@pytest.mark.parametrize("one", CASES, ids=str)
def test_volume_oscillators_agree_with_others(one: Case, oracle: Callable[[Case], None]) -> None:
    oracle(one)
