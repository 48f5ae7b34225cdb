"""What models are trained on is free to train on, and read as it is."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ml.series_files import FREE, LEAST_BARS, SeriesFile, bars_of

Shared = Callable[[str], Path]


@pytest.mark.parametrize("file", FREE, ids=lambda one: one.name)
def test_the_licence_is_stated_as_free(shared: Shared, file: SeriesFile) -> None:
    (row,) = [line for line in (shared("data") / "MANIFEST.md").read_text().splitlines() if f"| {file.name} " in line]
    assert "CC0" in row.split("|")[-2]
    assert file.licence.startswith("CC0")


def test_symbols_come_in_order_and_only_what_is_sound(shared: Shared) -> None:
    symbols, counts = zip(*((bars.symbol, len(bars)) for bars in bars_of(shared("data"), FREE[0])), strict=True)
    assert list(symbols) == sorted(symbols)
    assert len(symbols) > 480
    assert min(counts) >= LEAST_BARS
    assert sum(counts) > 600_000


def test_no_symbol_has_the_same_days_from_two_files(shared: Shared) -> None:
    seen: dict[str, list[np.ndarray]] = {}
    for file in FREE:
        for bars in bars_of(shared("data"), file):
            seen.setdefault(str(bars.symbol), []).append(bars.time)
    assert not [
        symbol for symbol, times in seen.items() if len(np.unique(np.concatenate(times))) < sum(map(len, times))
    ]


def test_days_since_and_every_other_symbol(tmp_path: Path) -> None:
    days = pd.date_range("2018-11-01", periods=900)
    prices = {name: 100.0 + np.arange(len(days)) % 7 for name in ("open", "high", "low", "close")}
    one = pd.DataFrame({"date": days, **prices, "volume": 1.0})
    pd.concat([one.assign(symbol=symbol) for symbol in "ABCDE"]).to_parquet(tmp_path / "bars.parquet")
    found = list(bars_of(tmp_path, SeriesFile("bars.parquet", "none stated", since="2019-01-01", every=2)))
    assert [bars.symbol for bars in found] == ["A", "C", "E"]
    assert {(len(bars), bars.timeframe) for bars in found} == {(839, "1d")}
    assert found[0].time[0] == np.datetime64("2019-01-01", "ns").astype(np.int64)
