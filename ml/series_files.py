"""Bars from files that models are trained on, or detectors measured, with what is stated of their licences."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd

from analysis import Bars
from ml.family import PATTERNS, Family
from ml.origin import Origin
from ml.training_set import TrainingSet, of_series

PRICES = ("open", "high", "low", "close")
LEAST_BARS = 400


@dataclass(frozen=True)
class SeriesFile:
    """A file of bars; `since` and `until` leave out others, `every` all but each n-th symbol."""

    name: str
    licence: str
    until: str | None = None
    timeframe: str = "1d"
    since: str | None = None
    every: int = 1

    def sha256(self, folder: Path) -> str:
        """Return the hash of the file as it is."""
        return sha256((folder / self.name).read_bytes()).hexdigest()


# CC0 as the data's manifest states it, from memory of where they were published; that was not looked up again.
FREE = (
    SeriesFile(
        "us_sp500_daily_2013_2018.parquet",
        "CC0-1.0 as remembered of Kaggle camnugent/sandp500; the repository it came through is MIT",
    ),
    SeriesFile(
        "us_long_daily_1962_2017.parquet", "CC0-1.0 as remembered of Kaggle borismarjanovic", until="2013-02-08"
    ),
    SeriesFile("us_etf_daily_2005_2017.parquet", "CC0-1.0 as remembered of Kaggle borismarjanovic"),
)
LIMITATIONS = (
    "The licences of the files are as their manifest states them, and were not looked up again.",
    "All symbols were alive when the files were made: base rates carry the drift of survivors.",
    "Daily bars of shares and funds of the USA. Of other markets and timeframes nothing was measured.",
)


def origin_of(folder: Path, files: Sequence[SeriesFile] = FREE) -> Origin:
    """Return what a card says of these files. Raises OSError where one is not there."""
    told = [{"name": one.name, "licence": one.licence, "sha256": one.sha256(folder)} for one in files]
    return Origin("1d", told, LIMITATIONS)


def of_files(folder: Path, files: Sequence[SeriesFile] = FREE, family: Family = PATTERNS) -> TrainingSet:
    """Return the events of these files. Raises OSError where one is not there."""
    return of_series((bars for file in files for bars in bars_of(folder, file)), family)


def bars_of(folder: Path, file: SeriesFile) -> Iterator[Bars]:
    """Yield each symbol's bars, in the order of symbols; rows that no market can have had are left out."""
    table = pd.read_parquet(folder / file.name)
    if "date" in table:
        table = table.rename(columns={"date": "timestamp"}).assign(timeframe=file.timeframe)
    table = table.assign(timestamp=pd.to_datetime(table["timestamp"], utc=True))
    table = table[table["timeframe"].astype(str) == file.timeframe]
    if file.since is not None:
        table = table[table["timestamp"] >= pd.Timestamp(file.since, tz="UTC")]
    if file.until is not None:
        table = table[table["timestamp"] < pd.Timestamp(file.until, tz="UTC")]
    symbols = table.groupby(table["symbol"].astype(str).str.upper(), sort=True)
    for symbol, rows in islice(symbols, 0, None, file.every):
        prices = {name: rows[name].to_numpy("float64") for name in PRICES}
        volume = rows["volume"].to_numpy("float64")
        time = rows["timestamp"].dt.tz_localize(None).astype("datetime64[ns]").astype("int64").to_numpy()
        sound = np.isfinite(np.column_stack(list(prices.values()))).all(axis=1) & (prices["low"] > 0)
        sound &= prices["high"] >= np.maximum(prices["open"], prices["close"])
        sound &= prices["low"] <= np.minimum(prices["open"], prices["close"])
        sound[1:] &= time[1:] > time[:-1]
        if np.count_nonzero(sound) >= LEAST_BARS:
            columns = {name: column[sound] for name, column in prices.items()}
            yield Bars(time=time[sound], **columns, volume=volume[sound], timeframe=file.timeframe, symbol=str(symbol))
