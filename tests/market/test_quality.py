import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analysis import Bars
from market.quality import quality_report
from tests.bars import random_walk
from tests.market.made import part

HOUR_NS = 3_600_000_000_000


def counts(bars: Bars) -> dict[str, int]:
    report = quality_report(bars)
    json.dumps(report)  # plain values only
    return {name: finding["count"] for name, finding in report["findings"].items() if finding["count"]}


def without(bars: Bars, *rows: int) -> Bars:
    kept = np.delete(np.arange(len(bars)), rows)
    columns = {name: getattr(bars, name)[kept] for name in ("time", "open", "high", "low", "close", "volume")}
    return Bars(**columns, timeframe=bars.timeframe)


def test_a_clean_series_has_no_findings() -> None:
    report = quality_report(random_walk(300))
    assert counts(random_walk(300)) == {}
    assert (report["bars"], report["first"], report["has_volume"]) == (300, "2020-01-01T00:00:00Z", True)
    assert report["last"] == "2020-10-26T00:00:00Z"


@pytest.mark.parametrize("count", [1, 2, 50, 51])
def test_short_series(count: int) -> None:
    assert counts(random_walk(count)) == {}


def test_missing_bars_are_a_gap() -> None:
    report = quality_report(without(random_walk(300), 100, 101, 200))
    assert report["findings"]["gaps"] == {
        "count": 2,
        "longest_regular_seconds": 86_400,
        "first": [
            {"after": "2020-04-09T00:00:00Z", "until": "2020-04-12T00:00:00Z", "seconds": 3 * 86_400},
            {"after": "2020-07-18T00:00:00Z", "until": "2020-07-20T00:00:00Z", "seconds": 2 * 86_400},
        ],
    }


def test_weekends_are_no_gaps() -> None:
    bars = random_walk(700)
    weekends = [row for row in range(700) if (row + 3) % 7 in (6, 0)]
    assert counts(without(bars, *weekends)) == {}
    holiday_week = [row for row in range(345, 352) if row not in weekends]
    assert counts(without(bars, *weekends, *holiday_week)) == {"gaps": 1}


def test_what_a_volume_tells() -> None:
    bars = random_walk(300)
    volume = bars.volume.copy()  # type: ignore[union-attr]
    volume[[3, 4]] = 0
    volume[5] = np.nan
    assert counts(part(bars, 0, 300, volume=volume)) == {"zero_volume": 2, "null_volume": 1}
    report = quality_report(part(bars, 0, 300, volume=None))
    assert not report["has_volume"]
    assert "zero_volume" not in report["findings"]


def test_of_prices_that_are_not_above_zero_there_are_no_jumps() -> None:
    bars = random_walk(300)
    columns = {name: getattr(bars, name) - bars.close[100] for name in ("open", "high", "low", "close")}
    report = quality_report(part(bars, 0, 300, **columns))["findings"]
    assert all(first["change"] > -1 for first in report.get("jumps", {"first": []})["first"])


def test_flat_bars_and_jumps_and_wide_bars() -> None:
    bars = random_walk(300)
    columns: dict[str, Any] = {name: getattr(bars, name).copy() for name in ("open", "high", "low", "close")}
    for name in columns:
        columns[name][100] = bars.close[100]
        columns[name][200:] /= 2
    columns["high"][250] *= 1.5
    report = quality_report(part(bars, 0, 300, **columns))["findings"]
    assert report["flat"] == {"count": 1, "first": [{"time": "2020-04-10T00:00:00Z"}]}
    assert report["jumps"]["count"] == 1
    assert report["jumps"]["first"][0]["time"] == "2020-07-19T00:00:00Z"
    assert -0.55 < report["jumps"]["first"][0]["change"] < -0.45
    assert report["unusual_range"] == {"count": 1, "first": [{"time": "2020-09-07T00:00:00Z"}]}


def test_a_list_of_findings_is_bounded() -> None:
    bars = random_walk(300)
    report = quality_report(part(bars, 0, 300, volume=np.zeros(300)))["findings"]["zero_volume"]
    assert report["count"] == 300
    assert len(report["first"]) == 20


# ── Real series ──────────────────────────────────────────────────────────────────────────────────────────


def real(data: Path, file: str, symbol: str, timeframe: str) -> Bars:
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    frame = pandas.read_parquet(data / file)
    frame = frame[(frame["symbol"].astype(str) == symbol) & (frame["timeframe"].astype(str) == timeframe)]
    columns = {name: frame[name].to_numpy(dtype=np.float64) for name in ("open", "high", "low", "close")}
    volume = None if frame["volume"].isna().all() else frame["volume"].to_numpy(dtype=np.float64)
    time = frame["timestamp"].dt.tz_localize(None).to_numpy().astype("M8[ns]").astype(np.int64)
    return Bars(time=time, **columns, volume=volume, timeframe=timeframe, symbol=symbol)


def test_the_outages_of_an_exchange(shared: Callable[[str], Path]) -> None:
    report = quality_report(real(shared("data"), "crypto_hourly_2021_2023.parquet", "ETHUSDT", "1h"))["findings"]
    assert [gap["after"][:10] for gap in report["gaps"]["first"]] == [
        "2021-04-20",
        "2021-04-25",
        "2021-08-13",
        "2021-09-29",
        "2023-03-24",
    ]
    assert report["zero_volume"]["count"] == 1


def test_the_split_nobody_adjusted_for(shared: Callable[[str], Path]) -> None:
    jumps = quality_report(real(shared("data"), "us_hourly_raw_1998_2018.parquet", "AAPL", "1h"))["findings"]["jumps"]
    assert {"time": "2014-06-09T13:00:00Z"}.items() <= jumps["first"][-1].items()
    assert jumps["first"][-1]["change"] == pytest.approx(-0.856, abs=0.01)
